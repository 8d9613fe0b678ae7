/** axe-core, which knows the rules of WCAG that a program can check. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { expect } from './fixtures.ts';

const SOURCE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Expects that axe finds nothing to object to in the page as it is. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  await page.evaluate(await readFile(SOURCE, 'utf8'));
  const results = await withoutMotion(page, async () => {
    await page.evaluate(settled);
    return (await page.evaluate('axe.run(document)')) as AxeResults;
  });
  const found = results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}\n  ${target.join(' ')}\n  ${failureSummary}`),
  );
  expect(found, `accessibility of the page: ${state}`).toEqual([]);
}

/** What appears while axe looks is there at once, as for those who asked for no motion. */
async function withoutMotion<T>(page: Page, look: () => Promise<T>): Promise<T> {
  if (await page.evaluate(() => matchMedia('(prefers-reduced-motion: reduce)').matches)) return look();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  try {
    return await look();
  } finally {
    await page.emulateMedia({ reducedMotion: null });
  }
}

/** Colours that fade into others are neither: waits for what moves and ends. */
async function settled(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}
