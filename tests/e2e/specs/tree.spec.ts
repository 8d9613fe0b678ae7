import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { expect, test } from '../fixtures.ts';
import { makeFolder } from '../folder.ts';
import { recordedSeconds } from '../image.ts';

/** Names of the rows, from top to bottom. */
async function names(tree: Locator): Promise<string[]> {
  return tree.getByRole('row').locator('.text').allTextContents();
}

async function chooseCommand(page: Page, row: Locator, command: string): Promise<void> {
  await row.click({ button: 'right' });
  await page
    .getByRole('menu')
    .getByRole(/^Sort/.test(command) ? 'menuitemradio' : 'menuitem', { name: command })
    .click();
}

test.beforeEach(async ({ disc, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'Trip'));
  await disc.plannedSize();
  await disc.open('Trip');
});

test('rows are dragged into folders, and every step is taken back and done again', async ({ disc, page }) => {
  await disc.row('read me.txt').dragTo(disc.row('films'));
  await expect(page.getByRole('status').getByText('Moved 1 item.')).toBeVisible();
  await expect(disc.row('read me.txt')).toHaveAttribute('aria-level', '3');
  await disc.plannedSize();

  // A folder goes neither into itself nor into what is in it.
  await disc.row('Trip').dragTo(disc.row('films'));
  await expect(disc.row('Trip')).toHaveAttribute('aria-level', '1');

  await page.getByRole('button', { name: 'Undo: moving' }).click();
  await expect(disc.row('read me.txt')).toHaveAttribute('aria-level', '2');
  await disc.tree.focus();
  await page.keyboard.press('Control+y');
  await expect(disc.row('read me.txt')).toHaveAttribute('aria-level', '3');

  // Back to nothing and forth to the last step, by keys alone.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(disc.tree).toHaveCount(0);
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('Control+Shift+z');
  await disc.open('Trip');
  await expect(disc.row('read me.txt')).toHaveAttribute('aria-level', '3');
});

test('what was cut is pasted, and a file in the way is replaced with a word', async ({ disc, page }) => {
  await disc.row('empty.dat').click();
  await page.keyboard.press('Control+x');
  await disc.row('empty folder').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+v');
  await expect(disc.row('empty.dat')).toHaveAttribute('aria-level', '3');

  // The same name again, at the place it came from.
  await chooseCommand(page, disc.row('Trip'), 'New folder');
  await page.keyboard.type('empty.dat');
  await page.keyboard.press('Enter');
  const folder = disc.row('empty.dat').and(page.locator('[aria-expanded]'));
  await expect(folder).toHaveAttribute('aria-level', '2');
  await chooseCommand(page, disc.row('empty.dat').and(page.locator('[aria-level="3"]')), 'Cut');
  await chooseCommand(page, disc.row('read me.txt'), 'Paste');
  await expect(page.getByRole('status').getByText('got another name')).toBeVisible();
  await expect(disc.row('empty (2).dat')).toHaveAttribute('aria-level', '2');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(disc.row('empty.dat')).toHaveCount(2);
});

test('names are found as they are typed, whatever their case', async ({ disc, page }) => {
  await page.keyboard.press('Control+f');
  await page.keyboard.type('TREAS');
  await expect(page.getByTestId('found')).toHaveText('1 found');
  await expect(disc.row('treasure.txt')).toHaveAttribute('aria-level', '14');
  await expect(disc.row('films')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(disc.row('treasure.txt')).toHaveAttribute('aria-selected', 'true');
  await expectAccessible(page, 'search');
  await page.getByLabel('Search names').fill('grosse');
  await expect(page.getByTestId('found')).toHaveText('Nothing found');
  await page.getByLabel('Search names').fill('level 1');
  await expect(page.getByTestId('found')).toHaveText('4 found');
  await page.getByRole('button', { name: 'Next result' }).click();
  await page.getByRole('button', { name: 'Next result' }).click();
  await expect(disc.row('level 10')).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: 'End the search' }).click();
  await expect(disc.row('films')).toHaveCount(1);
});

test('columns sort, folders first', async ({ disc, page }) => {
  const header = page.getByRole('columnheader', { name: 'Size' });
  await expect(header).toHaveAttribute('aria-sort', 'none');
  await header.getByRole('button').click();
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
  expect((await names(disc.tree)).slice(0, 6)).toEqual([
    'Trip',
    'empty folder',
    'level 1',
    'films',
    'empty.dat',
    'Sommer 🏖️ – Größe.txt',
  ]);
  await header.getByRole('button').press('Enter');
  await expect(header).toHaveAttribute('aria-sort', 'descending');
  expect((await names(disc.tree)).slice(0, 4)).toEqual(['Trip', 'films', 'level 1', 'empty folder']);
  await chooseCommand(page, disc.row('films'), 'Sort by: Name');
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
});

test('a date that is set is the date on the disc', async ({ disc, page, scratch }) => {
  await disc.row('read me.txt').click();
  await page.keyboard.press('Alt+Enter');
  const dialog = page.getByRole('dialog', { name: 'Properties of “read me.txt”' });
  await expect(dialog.getByText('READ_ME.TXT;1')).toBeVisible();
  await expectAccessible(page, 'properties');
  await dialog.getByLabel('Modified').fill('1999-12-31T23:59:58');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(disc.row('read me.txt')).toContainText('Dec 31, 1999');
  await disc.plannedSize();
  const image = join(scratch, 'dated.iso');
  await disc.save(image);
  const set = await page.evaluate(() => new Date('1999-12-31T23:59:58').getTime() / 1000);
  expect(await recordedSeconds(image, 'READ_ME.TXT;1')).toBe(set);

  await disc.tree.focus();
  await page.keyboard.press('Control+z');
  await expect(disc.row('read me.txt')).toContainText('Mar 4, 2021');
});

test('a file that changed after it was added is named when it is needed', async ({ disc, page, scratch }) => {
  await writeFile(join(scratch, 'Trip', 'read me.txt'), 'something else altogether');
  await page.getByRole('button', { name: 'Save image' }).click();
  await expect(page.getByRole('alert')).toContainText('“Trip/read me.txt” has changed');
});

test.describe('by finger', () => {
  test.use({ hasTouch: true, viewport: { width: 360, height: 740 } });

  test('a long press opens the commands', async ({ disc, page }) => {
    const box = await disc.row('films').boundingBox();
    const session = await page.context().newCDPSession(page);
    const touchPoints = [{ x: (box?.x ?? 0) + 90, y: (box?.y ?? 0) + 10 }];
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    await expect(page.getByRole('menu')).toBeVisible();
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expectAccessible(page, 'menu');
    await page.getByRole('menuitem', { name: 'Rename' }).tap();
    await page.getByLabel('New name for films').fill('cinema');
    await page.keyboard.press('Enter');
    await expect(disc.row('cinema')).toBeVisible();
  });
});
