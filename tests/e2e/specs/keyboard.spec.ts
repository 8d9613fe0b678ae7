import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { makeFolder } from '../folder.ts';

/** Moves on with the Tab key until the element with this name has the keyboard. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 1 && (await focused.ariaSnapshot()).includes(`"${name}"`)) {
      return;
    }
  }
  throw new Error(`the Tab key never reaches ${name}`);
}

test('a disc is put together, saved and burned without a mouse', async ({ disc, page, scratch }) => {
  const folder = await makeFolder(scratch, 'Keys');

  // The system's own dialogue for choosing is the browser's; the way to it and back is ours.
  const chosen = page.waitForEvent('filechooser');
  await tabTo(page, 'Add folder');
  await page.keyboard.press('Enter');
  await (await chosen).setFiles(folder);
  await disc.plannedSize();

  await tabTo(page, 'Contents of the disc');
  await page.keyboard.press('Home');
  await expect(disc.row('Keys')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowRight');
  await expect(disc.row('Keys')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.type('read');
  await expect(disc.row('read me.txt')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('F2');
  await page.getByLabel('New name for read me.txt').fill('start here.txt');
  await page.keyboard.press('Enter');
  await expect(disc.row('start here.txt')).toBeVisible();
  await page.keyboard.press('Home');
  await page.keyboard.type('empty.dat');
  await expect(disc.row('empty.dat')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Delete');
  await expect(disc.row('empty.dat')).toHaveCount(0);
  await disc.plannedSize();

  const download = page.waitForEvent('download');
  await tabTo(page, 'Save image');
  await page.keyboard.press('Enter');
  const saved = join(scratch, 'saved.iso');
  await (await download).saveAs(saved);
  const image = await readFile(saved);
  expect(image.includes(Buffer.from('start here.txt'))).toBe(true);
  expect(image.includes(Buffer.from('read me.txt'))).toBe(false);

  await tabTo(page, 'Burn disc');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await tabTo(page, 'Burn');
  await page.keyboard.press('Enter');
  await disc.burned();
  await tabTo(page, 'Back to the disc, for another copy');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Burn disc' })).toBeVisible();
});
