/** What has to work after a reload too, and where the browser allows what headless ones refuse by themselves. */
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { makeFile } from '../folder.ts';

/** This many files of 300 MB, mostly holes; each begins with its number. */
async function makeSet(scratch: string, count: number): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const path = join(scratch, `part ${at}.bin`);
      const file = await open(path, 'w');
      await file.write(`this is file ${at}`);
      await file.truncate(300 * 1024 * 1024);
      await file.close();
      return path;
    }),
  );
}

async function split(disc: DiscPage, page: Page): Promise<void> {
  await page.getByLabel('Disc size').selectOption('cd');
  await disc.plannedSize();
  await page.getByRole('button', { name: 'Split over several discs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Split over several discs' });
  await dialog.getByLabel(/CONTENTS\.TXT/).check();
  await dialog.getByRole('button', { name: 'Make 2 projects' }).click();
  await expect(page.getByText('Made 2 projects.')).toBeVisible();
}

async function openPart(disc: DiscPage, page: Page, number: number): Promise<void> {
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await page
    .getByTestId('recent')
    .getByRole('link', { name: `(${number} of 2)` })
    .click();
  await expect(disc.row('CONTENTS.TXT')).toBeVisible();
  await disc.plannedSize();
}

/** Saves the disc that is shown, and says which of the files are on it, by what they begin with. */
async function filesOn(disc: DiscPage, image: string): Promise<string[]> {
  await disc.save(image);
  const file = await open(image);
  const { size } = await file.stat();
  const found: string[] = [];
  const piece = Buffer.alloc(64 * 1024 * 1024);
  for (let at = 0; at < size; at += piece.length) {
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    for (let block = 0; block < bytesRead; block += 2048) {
      const text = piece.toString('latin1', block, block + 16);
      if (/^this is file \d/.test(text)) {
        found.push(text.slice(13, 14));
      }
    }
  }
  await file.close();
  return found.sort();
}

for (const handles of [true, false]) {
  test(`a set is split after a reload, ${handles ? 'with' : 'without'} a way to the files, and its discs are whole after another`, async ({
    disc,
    page,
    scratch,
  }) => {
    test.slow();
    if (!handles) {
      await page.addInitScript(() => {
        delete (DataTransferItem.prototype as { getAsFileSystemHandle?: unknown }).getAsFileSystemHandle;
      });
      await page.reload();
      await disc.connected();
    }
    const files = await makeSet(scratch, 3);
    await disc.drop(...files);
    await disc.plannedSize();
    await disc.kept();
    await page.reload();
    await disc.connected();
    const showAgain = async (paths: string[]): Promise<void> => {
      if (!handles) {
        await disc.dropOn(page.getByTestId('reunion'), ...paths);
        await expect(page.getByTestId('reunion')).toHaveCount(0);
      }
    };
    await showAgain(files);
    await disc.plannedSize();
    await split(disc, page);

    await page.reload();
    await disc.connected();
    const on: string[] = [];
    for (const number of [1, 2]) {
      await openPart(disc, page, number);
      await showAgain(files);
      on.push(...(await filesOn(disc, join(scratch, `${number}.iso`))));
    }
    expect(on.sort()).toEqual(['0', '1', '2']);
  });
}

test('where notifications are allowed, the end of a burn is told by one', async ({
  disc,
  page,
  agent,
  scratch,
}) => {
  await page.context().grantPermissions(['notifications'], { origin: agent.origin });
  await page.addInitScript(() => {
    // The notification is made as ever; what it was made of is written down.
    const told: unknown[] = [];
    const Real = Notification;
    class Recorded extends Real {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        const entry = { title, body: options?.body, tag: options?.tag, shown: false };
        told.push(entry);
        this.addEventListener('show', () => (entry.shown = true));
      }
    }
    Object.assign(window, { told, Notification: Recorded });
  });
  await page.reload();
  await disc.connected();
  expect(await page.evaluate(() => Notification.permission)).toBe('granted');
  // A drive whose buffer is full again and again, so that there is time to ask.
  const slow = Array.from({ length: 60 }, (_, at) => `write ${at * 3 + 2}: long-write for 250ms`);
  await writeFile(`${agent.disc(0)}.faults`, slow.join('\n'));
  await makeFile(join(scratch, 'film.mpg'), 16);
  await disc.drop(join(scratch, 'film.mpg'));
  await disc.plannedSize();
  await disc.burn();
  await page.getByRole('button', { name: 'Notify me when done' }).click();
  await expect(disc.burnCard).toContainText('You will be notified when it is done');
  // The promise outlives a reload.
  await page.reload();
  await disc.connected();
  await expect(disc.burnCard).toContainText('You will be notified when it is done');
  expect(await page.evaluate('told')).toEqual([]);
  await disc.burned();
  await expect
    .poll(() => page.evaluate('told'))
    .toEqual([
      { title: 'The disc is done', body: 'Everything went well.', tag: expect.any(String), shown: true },
    ]);
});

test('a disc that is done is not shown in another project, and the page ends where its parts do', async ({
  disc,
  page,
  scratch,
}) => {
  await page.setViewportSize({ width: 1366, height: 700 });
  await makeFile(join(scratch, 'film.mpg'), 1);
  await disc.drop(join(scratch, 'film.mpg'));
  await disc.plannedSize();
  await disc.burn();
  await disc.burned();
  await expect(page.getByTestId('map-summary')).toBeAttached();
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(700);
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await expect(disc.result).toBeVisible();
  await page.goBack();
  await expect(disc.result).toBeVisible();
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await disc.begin();
  await expect(page.getByRole('button', { name: 'Burn disc' })).toBeVisible();
  await expect(disc.result).toHaveCount(0);
});

test('a result has a frame where the user chose all colours', async ({ disc, page, scratch }) => {
  await makeFile(join(scratch, 'film.mpg'), 1);
  await disc.drop(join(scratch, 'film.mpg'));
  await disc.plannedSize();
  await disc.burn();
  await disc.burned();
  await page.emulateMedia({ forcedColors: 'active' });
  const lines = await disc.result.evaluate((element) => {
    const { borderTopColor, borderTopWidth, color } = getComputedStyle(element);
    return { borderTopColor, borderTopWidth, color };
  });
  expect(lines).toEqual({ borderTopColor: lines.color, borderTopWidth: '1px', color: lines.color });
  await disc.result.screenshot({ path: new URL('../output/forced-result.png', import.meta.url).pathname });
});
