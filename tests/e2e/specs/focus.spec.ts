/** Where the keyboard is after what had it has gone. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { makeFolder } from '../folder.ts';

/** The buttons above the tree. */
const tool = (page: Page, name: string | RegExp) =>
  page.getByRole('group', { name: 'Commands' }).getByRole('button', { name });

test('a dialogue gives the keyboard back, by whatever way it goes', async ({ disc, page, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'Keys'));
  await disc.plannedSize();
  const tree = page.getByRole('treegrid');
  const properties = page.getByRole('dialog');
  for (const leave of ['Cancel', 'Apply', null]) {
    await tree.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Alt+Enter');
    await expect(properties).toBeVisible();
    if (leave === null) {
      await page.keyboard.press('Escape');
    } else {
      await properties.getByRole('button', { name: leave }).press('Enter');
    }
    await expect(properties).toHaveCount(0);
    await expect(tree).toBeFocused();
  }
});

test('what is taken away or of no use any more leaves the keyboard nearby', async ({
  disc,
  page,
  scratch,
}) => {
  await disc.drop(await makeFolder(scratch, 'Keys'));
  await disc.plannedSize();
  await page.getByRole('treegrid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('treegrid')).toHaveCount(0);
  await expect(tool(page, 'Add files')).toBeFocused();

  await tool(page, /^Undo/).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('treegrid')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(tool(page, /^Undo/)).toBeDisabled();
  await expect(tool(page, /^Redo/)).toBeFocused();
});

test('the start list keeps the keyboard, and tells what became of a project', async ({
  disc,
  page,
  scratch,
}) => {
  await disc.drop(await makeFolder(scratch, 'Keys'));
  await disc.kept();
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  const list = page.getByTestId('recent');
  await list.getByRole('button', { name: /^Rename/ }).press('Enter');
  const field = list.getByRole('textbox');
  await field.fill('First');
  await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
  await expect(field).toBeFocused();
  await field.press('Enter');
  await expect(list.getByRole('link', { name: 'First' })).toBeFocused();

  await list.getByRole('button', { name: 'Duplicate First' }).press('Enter');
  await expect(page.getByRole('status').getByText('Duplicated “First”.')).toBeVisible();
  await list.getByRole('button', { name: 'Delete First (copy)' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
  await expect(page.getByRole('status').getByText('Deleted “First (copy)”.')).toBeVisible();
  await expect(list.getByRole('link', { name: 'First' })).toBeFocused();
});

test('a name that is being typed stays when files come in above it', async ({ disc, page, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'middle'));
  await disc.plannedSize();
  await page.getByRole('treegrid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('F2');
  const field = page.getByLabel('New name for middle');
  await page.keyboard.type('half a na');
  await disc.drop(await makeFolder(scratch, 'above'));
  await expect(disc.row('above')).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('half a na');
});

/** As when the keyboard of a phone comes up, or something opens beside the tree. */
test('a name that is being typed stays when the tree has less room', async ({ disc, page, scratch }) => {
  const folder = join(scratch, 'long');
  await mkdir(folder);
  for (let number = 0; number < 100; number += 1) {
    await writeFile(join(folder, `file ${String(number).padStart(2, '0')}`), '');
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await disc.drop(folder);
  await disc.plannedSize();
  await disc.open('long');
  await page.getByRole('treegrid').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('F2');
  const field = page.getByLabel('New name for file 99');
  await page.keyboard.type('half a na');
  for (const height of [700, 560, 820]) {
    await page.setViewportSize({ width: 1280, height });
    await page.waitForTimeout(100);
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('half a na');
  }
});
