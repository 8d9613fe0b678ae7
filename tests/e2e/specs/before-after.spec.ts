/** The advice before a burn, a set over several discs, and what is there once a disc is done. */
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { expect, test } from '../fixtures.ts';
import { makeFile, makeFolder } from '../folder.ts';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const WIDTHS = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };

/** A file of this many megabytes of zeros, which takes no room on a disk that knows holes. */
async function makeHole(path: string, megabytes: number): Promise<string> {
  const file = await open(path, 'w');
  await file.truncate(megabytes * 1024 * 1024);
  await file.close();
  return path;
}

async function chooseCd(page: Page): Promise<void> {
  await page.getByLabel('Disc size').selectOption('cd');
}

test('who cannot read a disc is told, and helped by a click', async ({ disc, page, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
  await disc.plannedSize();
  const advice = page.getByTestId('advice');
  const system = (id: string) => advice.locator(`[data-system=${id}]`);
  await expect(system('windows')).toHaveAttribute('data-verdict', 'reads');
  // The folder is twelve levels deep.
  await expect(system('players')).toHaveAttribute('data-verdict', 'partly');
  await expect(system('players')).toContainText('below the eighth level');
  await page.getByRole('checkbox', { name: /^UDF/ }).uncheck();
  await page.getByRole('checkbox', { name: /^Joliet/ }).uncheck();
  await expect(system('windows')).toHaveAttribute('data-verdict', 'partly');
  await expect(system('linux')).toHaveAttribute('data-verdict', 'reads');
  await system('windows').getByRole('button', { name: 'Turn on Joliet' }).click();
  await expect(page.getByRole('checkbox', { name: /^Joliet/ })).toBeChecked();
  await expect(system('windows')).toHaveAttribute('data-verdict', 'reads');
  await advice.getByText('What else to know').click();
  await expectAccessible(page, 'advice');
});

test('a set is split over discs, each with a list, and that can be undone', async ({
  disc,
  page,
  scratch,
}) => {
  const files = ['one', 'two', 'three'].map((name) => makeHole(join(scratch, `${name}.bin`), 300));
  await disc.drop(...(await Promise.all(files)));
  await disc.plannedSize();
  await chooseCd(page);
  await disc.plannedSize();
  const split = page.getByRole('button', { name: 'Split over several discs' });
  await split.click();
  const dialog = page.getByRole('dialog', { name: 'Split over several discs' });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await dialog.getByLabel(/CONTENTS\.TXT/).check();
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Make 2 projects' }).click();
  await expect(page.getByText('Made 2 projects.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await expect(page.getByTestId('recent').getByText(/ of 2\)/)).toHaveCount(0);

  await page.goBack();
  await disc.plannedSize();
  await split.click();
  await dialog.getByRole('button', { name: 'Make 2 projects' }).click();
  await expect(page.getByText('Made 2 projects.')).toBeVisible();
  await disc.plannedSize();
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  const made = page.getByTestId('recent').getByText(/\(1 of 2\)/);
  await made.first().click();
  await expect(disc.row('CONTENTS.TXT')).toBeVisible();
  expect(await disc.plannedSize()).toBeLessThan(359_847 * 2048);
  await expect(page.getByLabel('Volume name')).toHaveValue(/ 1-2$/);
  await expect(page.getByRole('button', { name: 'Save image' })).toBeEnabled();
});

test('a file that no such disc holds is named', async ({ disc, page, scratch }) => {
  await disc.drop(await makeHole(join(scratch, 'film.mkv'), 800), await makeHole(join(scratch, 'a.bin'), 5));
  await disc.plannedSize();
  await chooseCd(page);
  await disc.plannedSize();
  await page.getByRole('button', { name: 'Split over several discs' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('“film.mkv” has 839 MB');
});

test('the title tells how far a burn is, and a notification is asked for by a button only', async ({
  disc,
  page,
  agent,
  scratch,
}) => {
  await page.addInitScript(() => {
    // Headless browsers allow no notifications, and ask nobody.
    Object.assign(window, { asked: 0 });
    Notification.requestPermission = () => {
      (window as unknown as { asked: number }).asked += 1;
      return Promise.resolve('denied');
    };
  });
  await page.reload();
  await disc.connected();
  // A drive whose buffer is full again and again, so that there is time to ask.
  const slow = Array.from({ length: 60 }, (_, at) => `write ${at * 3 + 2}: long-write for 250ms`);
  await writeFile(`${agent.disc(0)}.faults`, slow.join('\n'));
  await makeFile(join(scratch, 'film.mpg'), 16);
  await disc.drop(join(scratch, 'film.mpg'));
  await disc.plannedSize();
  await disc.burn();
  const button = page.getByRole('button', { name: 'Notify me when done' });
  await expect(button).toBeVisible({ timeout: 30_000 });
  expect(await page.evaluate('asked')).toBe(0);
  await expect(page).toHaveTitle(/^(…|\d+%) /);
  await button.click();
  await expect(disc.burnCard).toContainText('This browser shows no notifications');
  expect(await page.evaluate('asked')).toBe(1);
  await disc.burned();
  await expect(page).not.toHaveTitle(/%/);
});

for (const scheme of ['light', 'dark'] as const) {
  for (const [device, viewport] of Object.entries(WIDTHS)) {
    test.describe(`${scheme}, ${device}`, () => {
      test.use({ viewport, colorScheme: scheme, contextOptions: { reducedMotion: 'reduce' } });

      test('advice, splitting and inlay can be seen and read', async ({ disc, page, scratch }) => {
        test.slow();
        const look = async (state: string, fullPage = true): Promise<void> => {
          await page.screenshot({ path: join(OUTPUT, `before-${device}-${scheme}-${state}.png`), fullPage });
        };
        await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
        await disc.plannedSize();
        await page.getByRole('checkbox', { name: /^UDF/ }).uncheck();
        await page.getByRole('checkbox', { name: /^Joliet/ }).uncheck();
        const windows = page.locator('[data-system=windows]');
        await expect(windows).toHaveAttribute('data-verdict', 'partly');
        await disc.plannedSize();
        await expectAccessible(page, 'advice');
        await look('1-advice');
        await windows.getByRole('button').click();
        await disc.plannedSize();

        await disc.burn();
        await disc.burned();
        await expectAccessible(page, 'a disc that is done');
        await page.emulateMedia({ media: 'print' });
        const sheet = page.getByTestId('inlay');
        await expect(sheet).toBeVisible();
        await expect(sheet).toContainText('read me.txt');
        await expect(page.locator('#app')).toBeHidden();
        await look('2-inlay');
        await page.emulateMedia({ media: 'screen' });
        await expect(sheet).toBeHidden();

        const files = ['one', 'two', 'three'].map((name) => makeHole(join(scratch, `${name}.bin`), 300));
        await disc.drop(...(await Promise.all(files)));
        await disc.plannedSize();
        await chooseCd(page);
        await disc.plannedSize();
        await page.getByRole('button', { name: 'Split over several discs' }).click();
        await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(2);
        await expectAccessible(page, 'splitting');
        await look('3-split', false);
      });
    });
  }
}
