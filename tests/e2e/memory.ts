/** What the browser takes of the machine's memory, as Linux counts it. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';

/** The process of the page, its workers among it, by its number. */
export async function processOf(page: Page): Promise<number> {
  const browser = page.context().browser();
  if (browser === null) {
    throw new Error('the page has no browser');
  }
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const sizes = await Promise.all(renderers.map(megabytesOf));
  // The browser keeps an empty one ready.
  const largest = renderers[sizes.indexOf(Math.max(...sizes))];
  if (largest === undefined) {
    throw new Error('the browser shows no page');
  }
  return largest;
}

/** What a process takes, in megabytes, with its part of what it shares with others. */
export async function megabytesOf(pid: number): Promise<number> {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1_000_000;
}

/** Looks at a process twice a second until `work` is done, and answers with what it took each time. */
export async function megabytesDuring(pid: number, work: Promise<unknown>): Promise<number[]> {
  const seen: number[] = [];
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  const watch = async () => {
    while (!isDone) {
      seen.push(await megabytesOf(pid));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  await Promise.all([done, watch()]);
  return seen;
}
