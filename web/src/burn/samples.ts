/** How fast a job was where: the points of its chart, few enough to be drawn at any time. */
import type { Job, JobPhase, JobSample } from '../agent/types.ts';

/** Phases that have a speed. */
export const CHARTED = ['writing', 'verifying', 'reading'] as const;
export type ChartedPhase = (typeof CHARTED)[number];

/** Points of one phase. When there are more, every second is given up, and they are taken half as often. */
const MOST = 500;
/** Time between two points at first: no more than four a second. */
const FIRST_STEP_MS = 250;

export function isCharted(phase: JobPhase): phase is ChartedPhase {
  return (CHARTED as readonly JobPhase[]).includes(phase);
}

/** The points of one phase, in the order of time. */
export class Samples {
  readonly #most: number;
  #points: JobSample[] = [];
  #stepMs = FIRST_STEP_MS;

  constructor(most = MOST) {
    this.#most = most;
  }

  get points(): readonly JobSample[] {
    return this.#points;
  }

  /** Takes a point, unless it comes too soon after the last one. The end of a phase is always taken. */
  add(sample: JobSample): boolean {
    const last = this.#points.at(-1);
    if (last !== undefined) {
      const isBack = sample.milliseconds < last.milliseconds || sample.doneBlocks < last.doneBlocks;
      const isEnd = sample.doneBlocks === sample.totalBlocks && last.doneBlocks < sample.doneBlocks;
      if (isBack || (sample.milliseconds - last.milliseconds < this.#stepMs && !isEnd)) {
        return false;
      }
    }
    this.#points.push(sample);
    if (this.#points.length > this.#most) {
      this.#thin();
    }
    return true;
  }

  /** Every second point goes; the last one stays. */
  #thin(): void {
    const keepOdd = this.#points.length % 2 === 0;
    this.#points = this.#points.filter((_, at) => (at % 2 === 1) === keepOdd);
    this.#stepMs *= 2;
  }
}

/** Points of all phases of a job. */
export class JobSamples {
  readonly #phases = new Map<ChartedPhase, Samples>();

  /** Takes up what the agent remembers of a job. */
  constructor(remembered: readonly JobSample[] = []) {
    for (const sample of remembered) {
      this.add(sample);
    }
  }

  of(phase: ChartedPhase): readonly JobSample[] {
    return this.#phases.get(phase)?.points ?? [];
  }

  add(sample: JobSample): boolean {
    if (!isCharted(sample.phase) || sample.doneBlocks === 0) {
      return false;
    }
    const samples = this.#phases.get(sample.phase) ?? new Samples();
    this.#phases.set(sample.phase, samples);
    return samples.add(sample);
  }
}

/** How far a job is now, as a point. */
export function sampleOf(job: Job, milliseconds: number): JobSample {
  const { doneBlocks, totalBlocks, bytesPerSecond, bufferPercent, driveBufferPercent } = job.progress;
  return {
    milliseconds,
    phase: job.phase,
    doneBlocks,
    totalBlocks,
    bytesPerSecond,
    bufferPercent,
    driveBufferPercent,
  };
}

/** A phase in numbers. */
export interface SpeedSummary {
  /** Bytes per second. */
  readonly now: number;
  readonly slowest: number;
  readonly fastest: number;
  /** From the first point to the last. */
  readonly average: number;
  /** Share of the phase that is done. */
  readonly fraction: number;
  /** The least that a buffer held, in per cent; `null` where it does not tell. */
  readonly leastBuffer: number;
  readonly leastDriveBuffer: number | null;
}

export function summarize(points: readonly JobSample[], blockSize: number): SpeedSummary | null {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    return null;
  }
  // There is no speed yet at the very start.
  const known = points.map((point) => point.bytesPerSecond).filter((rate) => rate > 0);
  const rates = known.length === 0 ? [0] : known;
  const seconds = (last.milliseconds - first.milliseconds) / 1000;
  const bytes = (last.doneBlocks - first.doneBlocks) * blockSize;
  const levels = points.flatMap((point) => point.driveBufferPercent ?? []);
  const average = seconds > 0 ? bytes / seconds : last.bytesPerSecond;
  return {
    now: last.bytesPerSecond,
    // Few samples may miss what the average has in it.
    slowest: Math.min(average, ...rates),
    fastest: Math.max(average, ...rates),
    average,
    fraction: last.totalBlocks === 0 ? 0 : last.doneBlocks / last.totalBlocks,
    leastBuffer: Math.min(...points.map((point) => point.bufferPercent)),
    leastDriveBuffer: levels.length === 0 ? null : Math.min(...levels),
  };
}

/** At most so many of the points, evenly over the phase, the first and the last among them: the rows of a table. */
export function pick(points: readonly JobSample[], most: number): readonly JobSample[] {
  if (points.length <= most) {
    return points;
  }
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, row) => points[Math.round(row * step)]).filter(
    (point) => point !== undefined,
  );
}
