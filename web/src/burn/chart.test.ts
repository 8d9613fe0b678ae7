import { expect, test } from 'vitest';
import type { JobSample } from '../agent/types.ts';
import { areaPath, linePath, singleSpeedOf, ticks } from './chart.ts';

test.each([
  [0, 4, [0]],
  [Number.NaN, 4, [0]],
  [22.16, 4, [0, 10, 20, 30]],
  [10, 4, [0, 2.5, 5, 7.5, 10]],
  [1.385, 4, [0, 0.5, 1, 1.5]],
  [16, 4, [0, 5, 10, 15, 20]],
])('levels up to %d: %j', (most, wanted, levels) => {
  expect(ticks(most, wanted)).toEqual(levels);
});

test('1x is that of the user data', () => {
  expect([singleSpeedOf('cd-rw'), singleSpeedOf('dvd+r-dl'), singleSpeedOf('bd-re')]).toEqual([
    153_600, 1_385_000, 4_496_000,
  ]);
  expect([singleSpeedOf('hd-dvd'), singleSpeedOf(undefined)]).toEqual([null, null]);
});

const point = (doneBlocks: number, bytesPerSecond: number, driveBufferPercent: number | null): JobSample => ({
  milliseconds: 0,
  phase: 'writing',
  doneBlocks,
  totalBlocks: 100,
  bytesPerSecond,
  bufferPercent: 100,
  driveBufferPercent,
});

test('lines go from place to place, and stop where nothing is known', () => {
  const box = { left: 10, top: 5, width: 100, height: 50 };
  const points = [point(0, 0, 50), point(50, 10, null), point(75, 20, 100), point(100, 40, 0)];
  expect(linePath(points, box, 20, (each) => each.bytesPerSecond)).toBe('M10 55L60 30L85 5L110 5');
  expect(linePath(points, box, 100, (each) => each.driveBufferPercent)).toBe('M10 30M85 5L110 55');
  expect(areaPath(points.slice(0, 2), box, 20, (each) => each.bytesPerSecond)).toBe(
    'M10 55L60 30L60 55L10 55Z',
  );
  expect(areaPath([], box, 20, () => 0)).toBe('');
});
