import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { AgentError } from '../agent/api.ts';
import type { Job } from '../agent/types.ts';
import type { Agent } from '../state/agent.svelte.ts';
import { Task } from '../state/task.svelte.ts';
import TaskProgress from './TaskProgress.svelte';

test('a disc that could not be stopped is told where it was to be stopped', async () => {
  const progress = { doneBlocks: 0, totalBlocks: 0 };
  const job = { id: 'a', kind: 'read', state: 'running', phase: 'reading', error: null, progress };
  let answer = (): Promise<void> =>
    Promise.reject(new AgentError({ code: 'new', title: 'it is busy', status: 500 }));
  const agent = { jobs: new Map([['a', job as unknown as Job]]), api: { cancel: () => answer() } };
  const task = new Task(agent as unknown as Agent, ['read']);
  const words = { done: '', failed: '', cancelled: '', cancel: 'Stop' };
  const shown = () => render(TaskProgress, { props: { task, words } }).body;
  await task.cancel();
  expect(shown()).toContain('It is busy.');
  answer = () => Promise.resolve();
  await task.cancel();
  expect(shown()).not.toContain('It is busy.');
});
