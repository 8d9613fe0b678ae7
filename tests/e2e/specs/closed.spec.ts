/** A browser that is closed in the middle of a save. */
import type { Page } from '@playwright/test';
import { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { makeFolder } from '../folder.ts';

/** What was in the file before. */
const BEFORE = 'an older image';

/**
 * In place of the browser's dialogue, which no test answers: the file that is chosen is one that the browser keeps itself.
 * Each piece that is written takes so many milliseconds more.
 */
async function chooseFile(page: Page, delay: number): Promise<void> {
  await page.evaluate((wait) => {
    const showSaveFilePicker = async () => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('disc.iso', { create: true });
      const createWritable = async () => {
        const file = await handle.createWritable();
        return {
          write: async (piece: Uint8Array<ArrayBuffer>) => {
            await new Promise((resolve) => setTimeout(resolve, wait));
            await file.write(piece);
          },
          close: () => file.close(),
          abort: () => file.abort(),
        };
      };
      return { createWritable };
    };
    Object.assign(globalThis, { showSaveFilePicker });
  }, delay);
}

/** The file: how long it is, and its first bytes. */
function chosenFile(page: Page): Promise<{ size: number; start: string }> {
  return page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('disc.iso')).getFile();
    return { size: file.size, start: await file.slice(0, 32).text() };
  });
}

test('leaves the file as it was and the project whole, after a question', async ({
  agent,
  context,
  disc,
  page,
  scratch,
}) => {
  const folder = await makeFolder(scratch, 'Holiday 2021');
  await disc.drop(folder);
  const size = await disc.plannedSize();
  await disc.kept();
  await page.evaluate(async (text) => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle('disc.iso', { create: true })).createWritable();
    await file.write(text);
    await file.close();
  }, BEFORE);

  await chooseFile(page, 300);
  await page.getByRole('button', { name: 'Save image' }).click();
  const progress = page.getByRole('progressbar');
  await expect.poll(() => progress.getAttribute('value').then(Number)).toBeGreaterThan(size / 10);
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.accept();
  await expect.poll(() => page.isClosed()).toBe(true);

  const next = await context.newPage();
  const again = new DiscPage(next);
  await next.goto(agent.origin);
  await again.connected();
  expect(await chosenFile(next)).toEqual({ size: BEFORE.length, start: BEFORE });
  const recent = next.getByTestId('recent').getByRole('link', { name: /Holiday 2021/ });
  await recent.click();
  await expect(again.row('Holiday 2021')).toBeVisible();
  const reunion = next.getByTestId('reunion');
  await expect(reunion).toBeVisible();
  await again.dropOn(reunion, folder);
  await expect(reunion).toHaveCount(0);
  expect(await again.plannedSize()).toBe(size);

  await chooseFile(next, 0);
  await next.getByRole('button', { name: 'Save image' }).click();
  await expect(next.getByRole('button', { name: 'Save image' })).toBeEnabled();
  await expect.poll(() => chosenFile(next).then((file) => file.size)).toBe(size);
});
