import { expect, test, vi } from 'vitest';
import type { Drive, Job } from '../agent/types.ts';
import type { Agent } from './agent.svelte.ts';
import type { Burnable } from './burnable.ts';
import { Burning } from './burning.svelte.ts';

const DRIVE = { id: 'drive', medium: { label: 'DVD', fingerprint: 'print' } } as unknown as Drive;
const IMAGE: Burnable = {
  name: 'disc',
  sizeBytes: 2048,
  unready: null,
  uploaded: 'image',
  open: () => Promise.reject(new Error('it is with the agent')),
};

/** A burner whose agent answers when `answer` is called. */
function burner(): { burning: Burning; answer: () => void; cancelled: string[]; started: () => number } {
  const jobs = new Map<string, Job>();
  const cancelled: string[] = [];
  let answer = (): void => undefined;
  const startJob = vi.fn(
    () =>
      new Promise<Job>((resolve) => {
        answer = () => {
          resolve({ id: 'job', kind: 'burn', state: 'running' } as unknown as Job);
        };
      }),
  );
  const api = { startJob, cancel: (id: string) => Promise.resolve(void cancelled.push(id)) };
  const agent = { api, jobs, drives: [], noteJob: (job: Job) => jobs.set(job.id, job) };
  return {
    burning: new Burning(agent as unknown as Agent),
    answer: () => {
      answer();
    },
    cancelled,
    started: () => startJob.mock.calls.length,
  };
}

test('a burn that is stopped while it starts is stopped once the agent has it', async () => {
  const { burning, answer, cancelled } = burner();
  const running = burning.run(IMAGE, DRIVE);
  expect(burning.stage.stage).toBe('starting');
  const stopping = burning.cancel();
  expect(burning.cancelling).toBe(true);
  answer();
  expect(await stopping).toBeNull();
  await running;
  expect(cancelled).toEqual(['job']);
});

test('what goes wrong before anything is sent is told', async () => {
  const { burning, started } = burner();
  const outline = () => {
    throw new RangeError('too much');
  };
  await burning.run({ ...IMAGE, outline }, DRIVE);
  expect(burning.stage).toMatchObject({ stage: 'failed', error: { what: 'Too much.' } });
  expect(started()).toBe(0);
});
