import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';

const FOLDERS = 1000;
const FILES = 100;
/** Far above what is wanted (50 ms), so that only a page that hangs fails on a busy machine. */
const LONGEST_TASK_MS = 1000;

interface PlanDetail {
  entries: number;
  listMs: number;
  planMs: number;
}

async function makeManyFiles(root: string): Promise<void> {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const path = join(root, `folder ${folder}`);
    await mkdir(path, { recursive: true });
    await Promise.all(
      Array.from({ length: FILES }, (_, file) => writeFile(join(path, `file number ${file}.txt`), `${file}`)),
    );
  }
}

test('100,000 files are planned while the page stays awake', async ({ disc, page, scratch }) => {
  test.setTimeout(240_000);
  const root = join(scratch, 'many');
  await makeManyFiles(root);
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map((entry) => entry.duration));
    }).observe({ type: 'longtask' });
  });

  const started = Date.now();
  await disc.drop(root);
  await expect(page.getByTestId('summary')).toContainText('100,000 files, 1,001 folders', {
    timeout: 180_000,
  });
  const listed = Date.now();
  const size = await disc.plannedSize(120_000);

  const { plan, tasks } = await page.evaluate(() => {
    const measure = performance.getEntriesByName('discwright:plan').at(-1) as PerformanceMeasure;
    const { longTasks } = globalThis as unknown as { longTasks: number[] };
    return { plan: { duration: measure.duration, ...(measure.detail as PlanDetail) }, tasks: longTasks };
  });
  const longest = Math.max(0, ...tasks);
  const report = [
    `${plan.entries} entries, ${size} bytes`,
    `drop to list ${listed - started} ms`,
    `planning ${Math.round(plan.duration)} ms (listing ${Math.round(plan.listMs)}, planner ${Math.round(plan.planMs)})`,
    `${tasks.length} tasks over 50 ms, longest ${longest} ms`,
  ].join('; ');
  test.info().annotations.push({ type: 'measured', description: report });
  console.log(report);

  expect(plan.entries).toBe(FOLDERS * FILES + FOLDERS + 1);
  expect(size).toBeGreaterThan(FOLDERS * FILES * 2048);
  expect(longest, 'longest task of the main thread, in ms').toBeLessThan(LONGEST_TASK_MS);
});
