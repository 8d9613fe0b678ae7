import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { dropManyFiles, FILES, FOLDERS, makeManyFiles } from '../many-files.ts';
import { megabytesDuring, megabytesOf, processOf } from '../memory.ts';
import { saveToNowhere } from '../nowhere.ts';

/**
 * Real files take minutes to make; those of the daily run are only pretended. They must not lie below `/dev`, for whose
 * folders Chromium asks a question of its own, and passes on no keys and clicks until it is answered.
 */
const long = process.env['DISCWRIGHT_LONG'] !== undefined;
const COUNT = (FOLDERS * FILES).toLocaleString('en');

/** Far above what is wanted (50 ms), so that only a page that hangs fails on a busy machine. */
const LONGEST_TASK_MS = 1000;
/** The same for the time that a frame takes the main thread, of which 16 ms are wanted. */
const LONGEST_FRAME_MS = 50;

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

/** What frames took: each of them from one to the next, the shortest first, and the main thread for one. */
interface Frames {
  taken: number[];
  mainThreadMs: number;
}

/** Pixels that a way of scrolling goes on in a frame. */
const SCROLLS = {
  /** As fast as a wheel is turned. */
  'by wheel': () => 60,
  /** As a finger is flicked, with leaps by the scroll bar. */
  'by flicks and leaps': (step: number, height: number) => (step % 10 === 0 ? height / 15 : 300),
};

/** Scrolls a step in every frame. The time of the main thread is its own, whatever else the machine does. */
async function scrollThrough(tree: Locator, way: keyof typeof SCROLLS): Promise<Frames> {
  const height = await tree.evaluate((grid) => grid.scrollHeight);
  const steps = Array.from({ length: 120 }, (_, step) => SCROLLS[way](step, height));
  const session = await tree.page().context().newCDPSession(tree.page());
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const seconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await seconds();
  const taken = await tree.evaluate(async (grid, steps) => {
    const frame = () => new Promise<number>(requestAnimationFrame);
    const taken: number[] = [];
    let before = await frame();
    for (const step of steps) {
      grid.scrollTop += step;
      const now = await frame();
      taken.push(now - before);
      before = now;
    }
    return taken.sort((a, b) => a - b);
  }, steps);
  const mainThreadMs = ((await seconds()) - before) * (1000 / steps.length);
  await session.detach();
  return { taken, mainThreadMs };
}

/** Scrolls in every way, and answers with what a frame took the main thread by wheel, in milliseconds. */
async function scrollAndReport(tree: Locator): Promise<number> {
  const wheel = await scrollThrough(tree, 'by wheel');
  const leaps = await scrollThrough(tree, 'by flicks and leaps');
  for (const [way, { taken, mainThreadMs }] of Object.entries({ 'by wheel': wheel, 'by leaps': leaps })) {
    report(
      `scrolled ${way}: half the frames within ${Math.round(taken[taken.length >> 1] ?? 0)} ms, the longest ` +
        `${Math.round(taken.at(-1) ?? 0)} ms, ${taken.filter((ms) => ms > 50).length} above 50 ms; ` +
        `${mainThreadMs.toFixed(1)} ms of the main thread for each`,
    );
  }
  return wheel.mainThreadMs;
}

/** While the tree is scrolled its rows stand anywhere in the document; at rest they stand as they are read. */
async function expectReadingOrder(tree: Locator): Promise<void> {
  const indices = () =>
    tree
      .locator('[data-index]')
      .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-index'))));
  await expect
    .poll(async () =>
      (await indices()).every((index, at, all) => at === 0 || index === (all[at - 1] ?? 0) + 1),
    )
    .toBe(true);
  expect((await indices()).length).toBeGreaterThan(20);
}

/** A name that is being typed is not lost when a tree that was just scrolled comes to rest. */
async function expectRenamingAfterScroll(tree: Locator): Promise<void> {
  const page = tree.page();
  await tree.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('F2');
  const field = tree.getByRole('textbox');
  await expect(field).toBeFocused();
  await page.waitForTimeout(400);
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
  await expectReadingOrder(tree);
}

test(`${COUNT} ${long ? '' : 'pretended '}files leave the page awake`, async ({ disc, page, scratch }) => {
  test.setTimeout(long ? 2_400_000 : 240_000);
  const takeTasks = await watchTasks(page);
  const saveAndReport = async (tab: number) => {
    const takeSaved = await saveToNowhere(page);
    const saving = Date.now();
    await page.getByRole('button', { name: 'Save image' }).click();
    const done = expect(page.getByRole('status').getByText('nowhere.iso')).toBeVisible({
      timeout: 1_800_000,
    });
    const seen = await megabytesDuring(tab, done);
    const tasks = await takeTasks();
    report(
      `saved in ${Date.now() - saving} ms; the tab took ${Math.round(Math.max(...seen))} MB at most; ` +
        `longest task ${Math.max(0, ...tasks)} ms`,
    );
    return { saved: await takeSaved(), tasks, megabytes: seen };
  };
  if (long) {
    await makeManyFiles(join(scratch, 'many'));
  }
  const tab = await processOf(page);
  const started = Date.now();
  let listed = started;
  const add = async () => {
    await (long ? disc.drop(join(scratch, 'many')) : dropManyFiles(page));
    await expect(page.getByTestId('summary')).toContainText(`${COUNT} files`, {
      timeout: 300_000,
    });
    listed = Date.now();
    await expect(page.getByText('Looking up sizes…')).toHaveCount(0, { timeout: 300_000 });
    return disc.plannedSize(60_000);
  };
  const adding = add();
  const whileAdded = await megabytesDuring(tab, adding);
  const size = await adding;
  const plan = await lastMeasure(page, 'discwright:plan');
  const planTasks = await takeTasks();
  const { entries, listMs, planMs } = plan.detail;
  report(
    `dropped and listed in ${listed - started} ms; planned ${entries} entries in ${Math.round(plan.duration)} ms ` +
      `(listing ${Math.round(listMs)}, planner ${Math.round(planMs)}); longest task ${Math.max(0, ...planTasks)} ms`,
  );

  await page.getByLabel('Search names').fill('number 7');
  await expect(page.getByTestId('found')).toHaveText(`${(FOLDERS * 11).toLocaleString('en')} found`);
  const fullest = Math.max(...whileAdded, await megabytesOf(tab));
  const frameMs = await scrollAndReport(disc.tree);
  await expectReadingOrder(disc.tree);
  await expectRenamingAfterScroll(disc.tree);
  await page.getByLabel('Search names').fill('');
  const heap = await heapMegabytes(page);
  const settled = await megabytesOf(tab);
  report(
    `objects of ${Math.round(heap)} MB; the tab took ${Math.round(fullest)} MB at most until it was planned, ` +
      `${Math.round(settled)} MB at the end`,
  );

  const {
    saved,
    tasks: saveTasks,
    megabytes: whileSaved,
  } = long ? await saveAndReport(tab) : { saved: null, tasks: [], megabytes: [] };

  expect(entries).toBe(FOLDERS * FILES + FOLDERS + 1);
  expect(heap, 'megabytes of objects').toBeLessThan(200);
  expect(Math.max(fullest, settled, ...whileSaved), 'megabytes of the tab').toBeLessThan(400);
  expect(frameMs, 'ms of the main thread for a frame').toBeLessThan(LONGEST_FRAME_MS);
  expect(size).toBeGreaterThan(FOLDERS * FILES * 2048);
  expect(saved ?? { bytes: size }).toMatchObject({ bytes: size });
  expect(Math.max(0, ...planTasks, ...saveTasks), 'longest task of the page, in ms').toBeLessThan(
    LONGEST_TASK_MS,
  );
});
