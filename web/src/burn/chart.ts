/** Where the lines and marks of a chart of speed over position go. */
import type { JobSample } from '../agent/types.ts';

/** Bytes per second at 1x, of the user data that progress counts. A CD has 75 blocks of 2048 bytes each second. */
const SINGLE_SPEED = { cd: 75 * 2048, dvd: 1_385_000, bd: 4_496_000 } as const;

/** 1x of a kind of medium, as the agent names kinds (`dvd+r`); `null` for one that is not known. */
export function singleSpeedOf(kind: string | undefined): number | null {
  const family = (['cd', 'dvd', 'bd'] as const).find((each) => kind?.startsWith(each));
  return family === undefined ? null : SINGLE_SPEED[family];
}

/** Round numbers from 0 to at least `most`, about `wanted` of them. */
export function ticks(most: number, wanted: number): number[] {
  if (!(most > 0)) {
    return [0];
  }
  const raw = most / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= raw * 0.999) ?? raw;
  const count = Math.ceil(most / step - 0.001);
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

/** A box in the drawing, in its units. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A line through points, as a path; a value of `null` interrupts it. */
export function linePath(
  points: readonly JobSample[],
  box: Box,
  top: number,
  value: (point: JobSample) => number | null,
): string {
  let path = '';
  let isDown = false;
  for (const point of points) {
    const height = value(point);
    if (height === null) {
      isDown = false;
      continue;
    }
    const x = box.left + box.width * (point.totalBlocks === 0 ? 0 : point.doneBlocks / point.totalBlocks);
    const y = box.top + box.height * (1 - (top === 0 ? 0 : Math.min(1, height / top)));
    path += `${isDown ? 'L' : 'M'}${round(x)} ${round(y)}`;
    isDown = true;
  }
  return path;
}

/** The same with the area below it. */
export function areaPath(
  points: readonly JobSample[],
  box: Box,
  top: number,
  value: (point: JobSample) => number,
): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    return '';
  }
  const x = (point: JobSample): number =>
    round(box.left + (box.width * point.doneBlocks) / Math.max(1, point.totalBlocks));
  const foot = round(box.top + box.height);
  return `${linePath(points, box, top, value)}L${x(last)} ${foot}L${x(first)} ${foot}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
