import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { dropManyFiles, FILES, makeManyFiles } from '../many-files.ts';

/** Twice as many that are only pretended as real ones, which take minutes to make. */
const long = process.env['DISCWRIGHT_LONG'] !== undefined;
const FOLDERS = long ? 1000 : 2000;
const COUNT = (FOLDERS * FILES).toLocaleString('en');

/** Far above what is wanted (50 ms), so that only a page that hangs fails on a busy machine. */
const LONGEST_TASK_MS = 1000;

/** What the page leaves in its timeline for a plan. */
interface PlanDetail {
  entries: number;
  listMs: number;
  planMs: number;
}

async function watchTasks(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map((entry) => entry.duration));
    }).observe({ type: 'longtask' });
  });
  return () => page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));
}

function lastMeasure(page: Page, name: string): Promise<{ duration: number; detail: PlanDetail }> {
  return page.evaluate((wanted) => {
    const measure = performance.getEntriesByName(wanted).at(-1) as PerformanceMeasure;
    return { duration: measure.duration, detail: measure.detail as PlanDetail };
  }, name);
}

function report(text: string): void {
  test.info().annotations.push({ type: 'measured', description: text });
  console.log(text);
}

/** What the page's own objects take, in megabytes. */
async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1_000_000;
}

/** Scrolls through the whole tree and answers with how long each frame took, the shortest first. */
function scrollThrough(tree: Locator): Promise<number[]> {
  return tree.evaluate(async (grid) => {
    const frame = () => new Promise<number>(requestAnimationFrame);
    const taken: number[] = [];
    let before = await frame();
    for (let step = 0; step < 120; step += 1) {
      grid.scrollTop += step % 10 === 0 ? grid.scrollHeight / 15 : 300;
      const now = await frame();
      taken.push(now - before);
      before = now;
    }
    return taken.sort((a, b) => a - b);
  });
}

test(`${COUNT} ${long ? '' : 'pretended '}files leave the page awake`, async ({ disc, page, scratch }) => {
  test.setTimeout(long ? 900_000 : 240_000);
  const takeTasks = await watchTasks(page);
  const saveAndReport = async () => {
    const saving = Date.now();
    await disc.save(join(scratch, 'many.iso'));
    const compose = await lastMeasure(page, 'discwright:compose');
    const tasks = await takeTasks();
    report(
      `saved in ${Date.now() - saving} ms, put together in ${Math.round(compose.duration)} ms of that; ` +
        `longest task ${Math.max(0, ...tasks)} ms`,
    );
    return tasks;
  };
  if (long) {
    await makeManyFiles(join(scratch, 'many'), FOLDERS);
  }
  const started = Date.now();
  await (long ? disc.drop(join(scratch, 'many')) : dropManyFiles(page, FOLDERS));
  await expect(page.getByTestId('summary')).toContainText(`${COUNT} files`, {
    timeout: 300_000,
  });
  const listed = Date.now();
  await expect(page.getByText('Looking up sizes…')).toHaveCount(0, { timeout: 300_000 });
  const size = await disc.plannedSize(60_000);
  const plan = await lastMeasure(page, 'discwright:plan');
  const planTasks = await takeTasks();
  const { entries, listMs, planMs } = plan.detail;
  report(
    `dropped and listed in ${listed - started} ms; planned ${entries} entries in ${Math.round(plan.duration)} ms ` +
      `(listing ${Math.round(listMs)}, planner ${Math.round(planMs)}); longest task ${Math.max(0, ...planTasks)} ms`,
  );

  await page.getByLabel('Search names').fill('number 7');
  await expect(page.getByTestId('found')).toHaveText(`${(FOLDERS * 11).toLocaleString('en')} found`);
  const frames = await scrollThrough(disc.tree);
  await page.getByLabel('Search names').fill('');
  const heap = await heapMegabytes(page);
  report(
    `scrolled through ${FOLDERS * 12} rows, half the frames within ${Math.round(frames[frames.length >> 1] ?? 0)} ms, ` +
      `the longest ${Math.round(frames.at(-1) ?? 0)} ms; objects of ${Math.round(heap)} MB`,
  );

  const saveTasks = long ? await saveAndReport() : [];

  expect(entries).toBe(FOLDERS * FILES + FOLDERS + 1);
  expect(heap, 'megabytes of objects').toBeLessThan(200);
  expect(size).toBeGreaterThan(FOLDERS * FILES * 2048);
  expect(Math.max(0, ...planTasks, ...saveTasks), 'longest task of the page, in ms').toBeLessThan(
    LONGEST_TASK_MS,
  );
});
