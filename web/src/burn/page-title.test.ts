import { expect, test } from 'vitest';
import type { Job } from '../agent/types.ts';
import { jobToTell, pageTitle } from './page-title.ts';

function job(state: Job['state'], doneBlocks = 0): Job {
  return {
    id: state,
    kind: 'burn',
    drive: 'd',
    image: null,
    state,
    phase: state === 'running' ? 'writing' : 'waiting',
    progress: {
      doneBlocks,
      totalBlocks: 100,
      bufferPercent: 0,
      driveBufferPercent: null,
      bytesPerSecond: 0,
      secondsLeft: null,
    },
    result: null,
    error: null,
    created: '',
    finished: null,
  };
}

const percent = (fraction: number): string => `${fraction * 100} %`;

test('the title tells how far a job is, and how it ended', () => {
  expect(pageTitle('Disc', job('running', 42), null, percent)).toBe('42 % Disc');
  expect(pageTitle('Disc', job('queued'), null, percent)).toBe('… Disc');
  expect(pageTitle('Disc', null, job('succeeded'), percent)).toBe('✓ Disc');
  expect(pageTitle('Disc', null, job('failed'), percent)).toBe('✗ Disc');
  expect(pageTitle('Disc', null, null, percent)).toBe('Disc');
});

test('a job that runs is told before one that waits', () => {
  expect(jobToTell([job('failed'), job('queued'), job('running')])?.id).toBe('running');
  expect(jobToTell([job('failed'), job('queued')])?.id).toBe('queued');
  expect(jobToTell([job('succeeded')])).toBeNull();
});
