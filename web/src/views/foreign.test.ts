import { render } from 'svelte/server';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Job } from '../agent/types.ts';
import type { Agent } from '../state/agent.svelte.ts';
import type { App } from '../state/app.svelte.ts';
import { chooseLanguage, loadWords } from '../strings/strings.ts';
import AdviceCard from './AdviceCard.svelte';
import JobDetails from './record/JobDetails.svelte';

beforeAll(() => loadWords('record'));
afterEach(() => chooseLanguage('en'));

test('what the planner warns of is told to be in English where the page is not', async () => {
  const warnings = [
    { kind: 'new', message: 'it rains', hint: 'wait', reader: null, path: null, clause: null },
  ];
  const fileSystems = { iso9660: true, joliet: true, rockRidge: true, udf: true };
  const app = { planning: { warnings }, project: { fileSystems } } as unknown as App;
  expect(render(AdviceCard, { props: { app } }).body).toContain('<li>It rains. Wait.</li>');
  await chooseLanguage('es');
  expect(render(AdviceCard, { props: { app } }).body).toContain('en inglés: «It rains. Wait.»');
});

test('so is what the agent finds suspect', async () => {
  const result = { suspect: 'the drive said nothing' };
  const job = { id: 'a', kind: 'burn', state: 'succeeded', phase: 'done', error: null, result };
  const agent = { api: {}, status: 'connected', drive: () => null, finish: { stateOf: () => 'off' } };
  const props = { agent: agent as unknown as Agent, job: job as unknown as Job };
  await chooseLanguage('es');
  expect(render(JobDetails, { props }).body).toContain('en inglés: «The drive said nothing.»');
});
