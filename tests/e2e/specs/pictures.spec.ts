/** The pictures of the documents. `BLESS=1` writes those in `docs/pictures/` anew; otherwise they are only made. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import { makeBootTree } from '../boot-tree.ts';
import { expect, test } from '../fixtures.ts';
import { makeHoliday } from '../holiday.ts';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const DOCUMENTS = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
/** Bytes that a picture may have: readers wait for it. */
const LIMIT = 120_000;
/** A scratch that the drive cannot read over, which the check finds. */
const DAMAGE = 'read blocks 20000-20031: medium-error always\n';
const DESK = { width: 1440, height: 860 };

/** Takes what is in the window, or a part of the page, as a WebP of the name. */
async function picture(page: Page, name: string, part?: Locator): Promise<void> {
  await page.mouse.move(0, 0);
  const box = (await part?.boundingBox()) ?? null;
  const clip = box === null ? {} : { clip: { ...box, scale: 1 } };
  const session = await page.context().newCDPSession(page);
  const shot = { format: 'webp', quality: 78, ...clip } as const;
  const { data } = await session.send('Page.captureScreenshot', shot);
  await session.detach();
  const bytes = Buffer.from(data, 'base64');
  expect(bytes.length, `bytes of ${name}.webp`).toBeLessThan(LIMIT);
  await writeFile(join(OUTPUT, `${name}.webp`), bytes);
  const committed = join(DOCUMENTS, `${name}.webp`);
  if (process.env['BLESS'] !== undefined) {
    await writeFile(committed, bytes);
  }
  expect((await readFile(committed)).subarray(8, 12).toString(), committed).toBe('WEBP');
}

async function withoutNotice(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeHidden({ timeout: 30_000 });
}

test.use({
  colorScheme: 'light',
  deviceScaleFactor: 1.25,
  timezoneId: 'UTC',
  contextOptions: { reducedMotion: 'reduce' },
});

test.describe('at a desk', () => {
  // The drive writes a Blu-ray disc with 4.5 MB a second.
  test.use({ viewport: DESK, pace: 1, discs: [{ media: 'bd-r' }] });

  test('contents, the question, the burn and what it came to', async ({ disc, agent, page, scratch }) => {
    test.slow();
    const holiday = await makeHoliday(scratch);
    await disc.drop(holiday);
    await disc.plannedSize();
    await disc.open('Summer 2026');
    await disc.open('3 Lighthouse');
    await disc.kept();
    await withoutNotice(page);
    await picture(page, 'contents');

    await page.goto(new URL('/#/', page.url()).href);
    await disc.begin();
    await disc.drop(join(holiday, '1 Arrival'));
    await disc.plannedSize();
    await disc.open('1 Arrival');
    await withoutNotice(page);
    await writeFile(`${agent.disc(0)}.faults`, DAMAGE);
    await page.getByRole('button', { name: 'Burn disc' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await picture(page, 'question');
    await page.getByRole('dialog').getByRole('button', { name: 'Burn', exact: true }).click();
    await expect
      .poll(async () => Number(await page.getByTestId('chart').first().getAttribute('data-points')), {
        timeout: 60_000,
      })
      .toBeGreaterThan(24);
    await page.setViewportSize({ ...DESK, height: 1180 });
    await picture(page, 'burning');
    await expect(disc.result).toHaveAttribute('data-result', 'differs', { timeout: 120_000 });
    await page.setViewportSize({ ...DESK, height: 2400 });
    await expect(page.getByTestId('sector-map')).toContainText('cannot be read');
    await picture(page, 'damaged', page.getByTestId('sector-map'));
  });

  test('what starts machines', async ({ start, page, scratch }) => {
    await start.begin('Bootable disc or USB image');
    await start.drop(await makeBootTree(scratch, 'Rescue'));
    await start.plannedSize();
    await withoutNotice(page);
    await picture(page, 'bootable');
  });
});

test.describe('in a hand', () => {
  test.use({ viewport: { width: 360, height: 720 }, deviceScaleFactor: 1 });

  test('the start', async ({ start, page }) => {
    await expect(page.getByRole('button', { name: 'Data disc' })).toBeVisible();
    await expect(start.tree).toBeHidden();
    await picture(page, 'phone');
  });
});
