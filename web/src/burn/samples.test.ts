import { describe, expect, test } from 'vitest';
import type { JobSample } from '../agent/types.ts';
import { JobSamples, pick, Samples, summarize } from './samples.ts';

function sample(milliseconds: number, doneBlocks: number, more: Partial<JobSample> = {}): JobSample {
  return {
    milliseconds,
    phase: 'writing',
    doneBlocks,
    totalBlocks: 1_000_000,
    bytesPerSecond: 1000,
    bufferPercent: 100,
    driveBufferPercent: null,
    ...more,
  };
}

describe('the points of a chart', () => {
  test('no more than four a second', () => {
    const samples = new Samples();
    const taken = [0, 100, 249, 250, 260, 499, 500].map((time) => samples.add(sample(time, time + 1)));
    expect(taken).toEqual([true, false, false, true, false, false, true]);
  });

  test('few of a burn of hours, from all of it, and its end', () => {
    const samples = new Samples();
    for (let at = 1; at <= 40_000; at += 1) {
      samples.add(sample(at * 250, at * 25));
    }
    const { points } = samples;
    expect(points.length).toBeGreaterThan(200);
    expect(points.length).toBeLessThanOrEqual(501);
    expect(points.at(-1)?.doneBlocks).toBe(1_000_000);
    const gaps = points.slice(1).map((point, at) => point.doneBlocks - (points[at]?.doneBlocks ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(1_000_000 / 150);
    expect(points[0]?.doneBlocks).toBeLessThan(1_000_000 / 150);
  });

  test('what comes late or again is left out', () => {
    const samples = new Samples();
    samples.add(sample(1000, 100));
    expect(samples.add(sample(900, 200))).toBe(false);
    expect(samples.add(sample(2000, 50))).toBe(false);
    expect(samples.points.length).toBe(1);
  });

  test('what the agent remembers comes first, and phases stay apart', () => {
    const remembered = [sample(0, 1), sample(500, 10), sample(700, 1, { phase: 'verifying' })];
    const samples = new JobSamples(remembered);
    expect(samples.add(sample(400, 9))).toBe(false);
    expect(samples.add(sample(1000, 20, { phase: 'verifying' }))).toBe(true);
    expect(samples.add(sample(2000, 20, { phase: 'closing' }))).toBe(false);
    expect([samples.of('writing').length, samples.of('verifying').length]).toEqual([2, 2]);
  });
});

test('a summary counts from the first point to the last', () => {
  const points = [
    sample(0, 0, { bytesPerSecond: 0 }),
    sample(0, 0, { bytesPerSecond: 500, driveBufferPercent: 90 }),
    sample(1000, 10, { bytesPerSecond: 3000, bufferPercent: 40 }),
    sample(2000, 20, { bytesPerSecond: 1000, driveBufferPercent: 95 }),
  ];
  expect(summarize(points, 200)).toEqual({
    now: 1000,
    slowest: 500,
    fastest: 3000,
    average: (20 * 200) / 2,
    fraction: 20 / 1_000_000,
    leastBuffer: 40,
    leastDriveBuffer: 90,
  });
  expect(summarize([], 2048)).toBeNull();
});

test('a table has the first point and the last', () => {
  const points = Array.from({ length: 100 }, (_, at) => sample(at * 250, at));
  const rows = pick(points, 10).map((point) => point.doneBlocks);
  expect([rows.length, rows[0], rows.at(-1)]).toEqual([10, 0, 99]);
  expect(pick(points.slice(0, 3), 10).length).toBe(3);
});
