import { expect, test } from 'vitest';
import type { Job } from '../agent/types.ts';
import { spokenFraction, viewOfJob, viewOfStage } from './progress.ts';

function job(change: Partial<Job>): Job {
  return {
    id: '1',
    kind: 'burn',
    drive: 'd',
    image: 'i',
    state: 'running',
    phase: 'writing',
    progress: {
      doneBlocks: 50,
      totalBlocks: 200,
      bufferPercent: 90,
      driveBufferPercent: 80,
      bytesPerSecond: 1000,
      secondsLeft: 12,
    },
    result: null,
    error: null,
    created: '',
    finished: null,
    ...change,
  };
}

test('an upload shows its share, and says when it was cut', () => {
  const view = viewOfStage({ stage: 'uploading', sent: 25, total: 100, interrupted: false });
  expect(view).toMatchObject({ step: 'uploading', phase: 'uploading', fraction: 0.25, buffer: null });
  expect(viewOfStage({ stage: 'uploading', sent: 0, total: 0, interrupted: true })).toMatchObject({
    phase: 'interrupted',
    fraction: null,
  });
});

test('a look at the files shows its share of them, and no bytes', () => {
  expect(viewOfStage({ stage: 'checking', checked: 256, files: 1024 })).toMatchObject({
    step: 'preparing',
    phase: 'checking',
    fraction: 0.25,
    totalBytes: 0,
  });
});

test('writing shows buffers, speed and time; closing shows none of them', () => {
  expect(viewOfJob(job({}))).toMatchObject({
    step: 'writing',
    fraction: 0.25,
    doneBytes: 102_400,
    buffer: 90,
    driveBuffer: 80,
    secondsLeft: 12,
  });
  expect(viewOfJob(job({ phase: 'closing' }))).toMatchObject({
    step: 'writing',
    fraction: null,
    buffer: null,
  });
});

test('verification is a step of its own, and a job that ended is over whatever its phase', () => {
  expect(viewOfJob(job({ phase: 'verifying' }))).toMatchObject({
    step: 'verifying',
    fraction: 0.25,
    buffer: null,
  });
  expect(viewOfJob(job({ state: 'failed' })).step).toBe('over');
});

test('progress is read out by tenths', () => {
  const view = viewOfJob(job({}));
  expect(spokenFraction({ ...view, fraction: 0.29 })).toBe(0.2);
  expect(spokenFraction({ ...view, fraction: 1 })).toBe(1);
  expect(spokenFraction({ ...view, fraction: null })).toBeNull();
});
