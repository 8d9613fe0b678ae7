import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { dropManyFiles, FILES, FOLDERS, makeManyFiles } from '../many-files.ts';

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

const long = process.env['DISCWRIGHT_LONG'] !== undefined;

test(`100,000 ${long ? '' : 'pretended '}files leave the page awake`, async ({ disc, page, scratch }) => {
  test.setTimeout(long ? 900_000 : 90_000);
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
    await makeManyFiles(join(scratch, 'many'));
  }
  const started = Date.now();
  await (long ? disc.drop(join(scratch, 'many')) : dropManyFiles(page));
  await expect(page.getByTestId('summary')).toContainText('100,000 files, 1,001 folders', {
    timeout: 300_000,
  });
  const listed = Date.now();
  const size = await disc.plannedSize(60_000);
  const plan = await lastMeasure(page, 'discwright:plan');
  const planTasks = await takeTasks();
  const { entries, listMs, planMs } = plan.detail;
  report(
    `dropped and listed in ${listed - started} ms; planned ${entries} entries in ${Math.round(plan.duration)} ms ` +
      `(listing ${Math.round(listMs)}, planner ${Math.round(planMs)}); longest task ${Math.max(0, ...planTasks)} ms`,
  );

  const saveTasks = long ? await saveAndReport() : [];

  expect(entries).toBe(FOLDERS * FILES + FOLDERS + 1);
  expect(size).toBeGreaterThan(FOLDERS * FILES * 2048);
  expect(Math.max(0, ...planTasks, ...saveTasks), 'longest task of the page, in ms').toBeLessThan(
    LONGEST_TASK_MS,
  );
});
