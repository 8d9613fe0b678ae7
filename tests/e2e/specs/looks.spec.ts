import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { makeBootTree } from '../boot-tree.ts';
import { expect, test } from '../fixtures.ts';
import { EMOJI_NAME, LONG_NAME, makeFile, makeFolder } from '../folder.ts';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const WIDTHS = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };

/** Nothing may stick out sideways: on a phone the page would slide about under the finger. */
async function expectNoSideways(page: Page, state: string): Promise<void> {
  const { content, room } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  expect(content, `width of the page: ${state}`).toBeLessThanOrEqual(room);
}

for (const scheme of ['light', 'dark'] as const) {
  for (const [device, viewport] of Object.entries(WIDTHS)) {
    test.describe(`${scheme}, ${device}`, () => {
      test.use({ viewport, colorScheme: scheme, contextOptions: { reducedMotion: 'reduce' } });

      const lookAt = (page: Page) => async (state: string) => {
        await expectAccessible(page, state);
        await expectNoSideways(page, state);
        const path = join(OUTPUT, `${device}-${scheme}-${state}.png`);
        await page.screenshot({ path, fullPage: true });
      };

      test('every screen can be seen and read', async ({ start, page, scratch }) => {
        const look = lookAt(page);
        await look('a-start');
        await start.dropOn(page.locator('#contents'), await makeFolder(scratch, 'Holiday 2021'));
        await start.plannedSize();
        await start.kept();
        await page.reload();
        await start.connected();
        await page.getByRole('link', { name: 'Start', exact: true }).click();
        await expect(page.getByTestId('recent')).toBeVisible();
        await look('b-start-with-projects');
        await page.getByRole('button', { name: 'Burn an image' }).click();
        await expect(page.getByText('Drop the image here')).toBeVisible();
        await look('c-no-image');
        const buffer = Buffer.alloc(64 * 2048);
        const file = { name: 'system.iso', mimeType: 'application/octet-stream', buffer };
        await page.getByTestId('image-file').setInputFiles(file);
        await expect(page.getByTestId('image-facts')).toBeVisible();
        await look('d-image');
        await page.goto(new URL('/#/erase', page.url()).href);
        await expect(page.getByTestId('on-disc')).toBeVisible();
        await look('e-erase');
        await page.goto(new URL('/#/copy', page.url()).href);
        await expect(page.getByRole('button', { name: 'Read disc' })).toBeVisible();
        await look('f-copy');
        await page.goto(new URL('/#/data/nothing', page.url()).href);
        await expect(page.getByText('This project is not here')).toBeVisible();
        await look('g-gone');
      });

      test('discs with a purpose can be seen and read', async ({ start, page, scratch }) => {
        const look = lookAt(page);
        const begin = async (kind: string) => {
          await page.goto(new URL('/#/', page.url()).href);
          await start.begin(kind);
        };
        await begin('Bootable disc or USB image');
        await look('h-no-system');
        await start.drop(await makeBootTree(scratch, 'Rescue'));
        await start.plannedSize();
        await look('i-bootable');
        const entry = page.getByTestId('boot-entry').first();
        await entry.getByText('Details').click();
        await page.getByText('USB stick and disc label').click();
        await entry.getByLabel('Emulation').selectOption('floppy1440');
        await expect(entry).toContainText('the floppy disk it stands for');
        await look('j-bootable-details');
        await begin('DVD or Blu-ray video');
        await look('k-no-video');
        const film = join(scratch, 'VIDEO_TS');
        await mkdir(film);
        await writeFile(join(film, 'VIDEO_TS.IFO'), 'DVDVIDEO-VMG');
        await writeFile(join(film, 'VTS_01_1.VOB'), Buffer.alloc(4096, 7));
        await start.drop(film);
        await expect(page.getByTestId('video')).toContainText('VIDEO_TS/VTS_01_0.IFO is missing.');
        await look('l-video');
      });

      test('every state can be seen and read', async ({ disc, agent, page, scratch }) => {
        const look = lookAt(page);

        await look('1-empty');

        await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
        await disc.plannedSize();
        await disc.open('Holiday 2021');
        await disc.row(LONG_NAME).click();
        await expect(disc.row(EMOJI_NAME)).toBeVisible();
        await look('2-contents');

        await makeFile(join(scratch, 'film.mpg'), 40);
        await disc.drop(join(scratch, 'film.mpg'));
        await disc.plannedSize();
        await page.getByRole('button', { name: 'Burn disc' }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await look('3-question');

        await page
          .getByRole('dialog')
          .getByRole('button', { name: /^(Burn|Replace and burn)$/ })
          .click();
        await expect(disc.burnCard.getByRole('progressbar')).toBeVisible();
        await look('4-burning');
        await disc.burned();
        await look('5-burned');

        await page.evaluate(() => {
          localStorage.clear();
        });
        await page.reload();
        await expect(page.getByLabel('Pairing code')).toBeVisible();
        await page.getByLabel('Pairing code').fill('BCDF-GHJK');
        await page.getByRole('button', { name: 'Pair', exact: true }).click();
        await expect(page.getByRole('alert')).toContainText('That code is void.');
        await look('6-unpaired');
        await agent.stop();
      });
    });
  }
}
