import { expect, test } from 'vitest';
import type { Job, JobLogEntry, JobSample } from '../agent/types.ts';
import { allWords, ENGLISH, LANGUAGES } from '../strings/strings.ts';
import { logLines, logText, speedChanges } from './log.ts';

const words = await allWords(ENGLISH);

const job: Job = {
  id: 'a',
  kind: 'burn',
  drive: 'virtual-a',
  image: null,
  state: 'failed',
  phase: 'done',
  progress: {
    doneBlocks: 0,
    totalBlocks: 0,
    bufferPercent: 0,
    driveBufferPercent: null,
    bytesPerSecond: 0,
    secondsLeft: null,
  },
  result: null,
  error: { code: 'verificationFailed', title: '', status: 502, detail: 'the disc differs' },
  created: '2026-01-01T00:00:00Z',
  finished: '2026-01-01T00:01:00Z',
};

const log: JobLogEntry[] = [
  { milliseconds: 0, until: 0, times: 1, kind: 'phase', phase: 'preparing' },
  { milliseconds: 50, until: 50, times: 1, kind: 'speed', kbPerSecond: 22_160 },
  {
    milliseconds: 100,
    until: 4100,
    times: 12,
    kind: 'refused',
    command: 'WRITE(10)',
    firstBlock: 32,
    lastBlock: 1024,
    sense: { key: 2, asc: 4, ascq: 8 },
    text: 'the buffer of the drive is full',
  },
  { milliseconds: 60_000, until: 60_000, times: 1, kind: 'phase', phase: 'done' },
];

test('a log tells what happened, when, where and how often', () => {
  const lines = logLines(job, log, [], words, 1_385_000, Date.parse('2026-01-01T00:00:00Z'));
  expect(lines.map(({ text }) => text)).toEqual([
    'Looks at drive, disc and image',
    'The drive is told to write at up to 22.2 MB/s (16×)',
    'WRITE(10): the buffer of the drive is full (2/04/08), at blocks 32 to 1,024, 12 times within 0:04',
    'Failed: the disc differs',
  ]);
  expect(lines.at(-1)?.milliseconds).toBe(60_000);
  expect(logText('head', lines.slice(0, 1), 'foot', words.format)).toBe(
    'head\n\n0:00.0  Looks at drive, disc and image\n\nfoot\n',
  );
});

test('a job that runs has no end yet', () => {
  const running: Job = { ...job, state: 'running', finished: null, error: null };
  expect(logLines(running, log, [], words, null, null).at(-1)?.text).toContain('WRITE(10)');
});

function rates(...list: readonly (readonly [seconds: number, rate: number])[]): JobSample[] {
  return list.map(([seconds, bytesPerSecond]) => ({
    milliseconds: seconds * 1000,
    phase: 'writing',
    doneBlocks: seconds,
    totalBlocks: 100,
    bytesPerSecond,
    bufferPercent: 100,
    driveBufferPercent: null,
  }));
}

test('speeds count once they stay', () => {
  const points = rates(
    [0, 100],
    [3, 102],
    [6, 101],
    [7, 300],
    [8, 100],
    [20, 200],
    [23, 205],
    [26, 201],
    [30, 200],
  );
  expect(speedChanges(points).map(({ bytesPerSecond }) => bytesPerSecond)).toEqual([100, 200]);
});

test('what the agent says of the end is told to be in English where the page is not', async () => {
  const spanish = await allWords(LANGUAGES.find(({ tag }) => tag === 'es') ?? ENGLISH);
  const [end] = logLines(job, [], [], spanish, null, null);
  expect(end?.text).toContain('en inglés: «the disc differs»');
});
