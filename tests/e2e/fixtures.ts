/** What the tests share: a scratch folder, an agent with the discs a test wants, and its page. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { Agent, type Disc } from './agent.ts';
import { DiscPage } from './disc-page.ts';

interface Fixtures {
  /** Discs in the agent's virtual drives, one drive each. */
  discs: readonly Disc[];
  /** How slowly the drives write, as a multiple of 1x. */
  pace: number | null;
  /** Mebibytes of the disk that the agent keeps its files on; as large as it is if null. */
  room: number | null;
  scratch: string;
  agent: Agent;
  /** The page at its start, paired by the address the agent printed. */
  start: DiscPage;
  /** The same with a new data disc. */
  disc: DiscPage;
}

export const test = base.extend<Fixtures>({
  discs: [[{ media: 'bd-re' }], { option: true }],
  pace: [null, { option: true }],
  room: [null, { option: true }],

  scratch: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'discwright-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  agent: async ({ scratch, discs, pace, room }, use) => {
    const agent = await Agent.open(scratch, discs, { pace, room });
    await use(agent);
    await agent.stop();
  },

  start: async ({ page, agent }, use) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    // Without the dialogues that give handles, which no test can answer, it has plain ones and saves as a download.
    await page.addInitScript(() => {
      for (const dialogue of ['showOpenFilePicker', 'showDirectoryPicker', 'showSaveFilePicker']) {
        Reflect.deleteProperty(window, dialogue);
      }
    });
    const disc = new DiscPage(page);
    await page.goto(agent.address);
    await disc.connected();
    await use(disc);
    expect(problems, 'errors nobody caught in the page').toEqual([]);
  },

  disc: async ({ start }, use) => {
    await start.begin();
    await use(start);
  },
});

export { expect };
