import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { discwright, type Agent } from '../agent.ts';
import type { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { makeFile, makeFolder, sha256 } from '../folder.ts';
import { BEFORE, chooseFile, chosenFile, makeChosenFile } from '../own-file.ts';
import { Relay } from '../relay.ts';

test('a token the agent does not know ends in words and the way to pair', async ({ disc, agent, page }) => {
  await page.evaluate(() => {
    localStorage.setItem('discwright.token', 'not a token of this agent');
  });
  await page.reload();
  await expect(disc.burnCard).toContainText('Pair with the agent');
  await expect(disc.burnCard).toContainText('discwright pair');

  const code = await agent.pairingCode();
  const field = page.getByLabel('Pairing code');
  await field.fill('BBBB-BBBB');
  await page.getByRole('button', { name: 'Pair', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('That is not the code.');

  await field.fill(code);
  await page.getByRole('button', { name: 'Pair', exact: true }).click();
  await disc.connected();
});

test('an agent that goes away is missed, and found again', async ({ disc, agent, page, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'kept'));
  await agent.stop();
  await expect(page.getByLabel('Agent', { exact: true })).toContainText('lost');
  await agent.start();
  await disc.connected();
  await expect(disc.row('kept')).toBeVisible();
});

test('a file that changes after it was added is named, and nothing is saved', async ({
  disc,
  page,
  scratch,
}) => {
  const folder = await makeFolder(scratch, 'changing');
  await disc.drop(folder);
  await disc.plannedSize();
  await appendFile(join(folder, 'films/intro.mpg'), 'more');
  const downloads: string[] = [];
  page.on('download', (download) => downloads.push(download.suggestedFilename()));
  await page.getByRole('button', { name: 'Save image' }).click();
  await expect(page.getByRole('alert')).toContainText('“changing/films/intro.mpg” has changed');
  expect(downloads).toEqual([]);
});

for (const moment of ['before', 'while']) {
  test(`a file that changes ${moment} the image is written leaves the chosen file as it was`, async ({
    disc,
    page,
    scratch,
  }) => {
    const folder = join(scratch, 'changing');
    await mkdir(folder);
    await makeFile(join(folder, 'first.bin'), 12);
    await makeFile(join(folder, 'last.bin'), 8);
    await disc.drop(folder);
    const size = await disc.plannedSize();
    await makeChosenFile(page);
    await chooseFile(page, 300);
    if (moment === 'before') {
      await appendFile(join(folder, 'last.bin'), 'more');
    }
    await page.getByRole('button', { name: 'Save image' }).click();
    if (moment === 'while') {
      const progress = page.getByRole('progressbar');
      await expect.poll(() => progress.getAttribute('value').then(Number)).toBeGreaterThan(size / 10);
      await appendFile(join(folder, 'last.bin'), 'more');
    }
    await expect(page.getByRole('alert')).toContainText('“changing/last.bin” has changed');
    expect(await chosenFile(page)).toEqual({ size: BEFORE.length, start: BEFORE });
    await expect(page.getByRole('button', { name: 'Save image' })).toBeEnabled();
  });
}

test.describe('a disc that is too small', () => {
  test.use({ discs: [{ media: 'dvd+r', capacity: 1600 }] });

  test('is refused in words before anything is sent', async ({ disc, page, scratch }) => {
    await disc.drop(await makeFolder(scratch, 'large'));
    expect(await disc.plannedSize()).toBeGreaterThan(1600 * 2048);
    const button = page.getByRole('button', { name: 'Burn disc' });
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAccessibleDescription('It does not fit on this disc.');
    await page.getByLabel('Disc size').selectOption({ label: 'In the drive: DVD+R' });
    await expect(page.getByText(/too large for DVD\+R/)).toBeVisible();
    await expect(page.getByText('It fits on CD.')).toBeVisible();
  });
});

/** Files that are dropped from now on are as those of a slow drive: every look at one takes so long. */
async function slowLooks(page: Page, milliseconds: number): Promise<void> {
  await page.evaluate((wait) => {
    type Look = (take: (metadata: unknown) => void, refuse: (error: unknown) => void) => void;
    const items = DataTransferItem.prototype;
    const takeEntry = Object.getOwnPropertyDescriptor(items, 'webkitGetAsEntry')?.value as () => object;
    items.webkitGetAsEntry = function () {
      const entry = takeEntry.call(this);
      // The class of all entries has no name in the page.
      const entries = Object.getPrototypeOf(Object.getPrototypeOf(entry)) as { getMetadata: Look };
      const look = entries.getMetadata;
      entries.getMetadata = function (take, refuse) {
        setTimeout(() => {
          look.call(this, take, refuse);
        }, wait);
      };
      items.webkitGetAsEntry = takeEntry as typeof items.webkitGetAsEntry;
      return entry as FileSystemEntry;
    };
  }, milliseconds);
}

test('a burn tells that it looks at the files, can be stopped there, and begun again', async ({
  disc,
  page,
  scratch,
}) => {
  const folder = join(scratch, 'notes');
  await mkdir(folder);
  await Promise.all(Array.from({ length: 1000 }, (_, n) => writeFile(join(folder, `note ${n}`), `${n}`)));
  await slowLooks(page, 100);
  await disc.drop(folder);
  await disc.plannedSize();
  await disc.burn();
  await expect(disc.burnCard).toContainText('Looking whether your files are as they were');
  await expect(disc.burnCard.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[2-9]\d$/);
  await page.getByRole('button', { name: 'Cancel burning' }).click();
  await expect(page.getByRole('button', { name: 'Burn disc' })).toBeVisible();
  await disc.burn();
  await expect(disc.burnCard).toContainText('Looking whether your files are as they were');
  await disc.burned();
});

async function expectWholeDisc(disc: DiscPage, agent: Agent, scratch: string): Promise<void> {
  await disc.burned();
  await agent.stop();
  await discwright('read', `virtual:${agent.disc(0)}`, '-o', join(scratch, 'back.iso'));
  await expect(disc.burnCard).toContainText(await sha256(join(scratch, 'back.iso')));
}

test('an upload cut half way goes on where it was', async ({ disc, agent, page, scratch }) => {
  const relay = await Relay.open(agent.origin);
  await page.goto(`${relay.origin}/#pair=${await agent.pairingCode()}`);
  await disc.connected();
  await disc.begin();
  await makeFile(join(scratch, 'film.mpg'), 24);
  await disc.drop(join(scratch, 'film.mpg'));
  const size = await disc.plannedSize();
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') {
      offsets.push(Number(request.headers()['upload-offset']));
    }
  });

  relay.breakAfter(size / 2);
  await disc.burn();
  await expectWholeDisc(disc, agent, scratch);
  await relay.close();
  const [first, second, third] = offsets;
  expect([first, third]).toEqual([0, undefined]);
  expect(second, 'bytes the agent kept from before the break').toBeGreaterThan(size / 4);
  expect(second).toBeLessThan(size * 0.75);
});

test('an upload outlives the agent it was sent to', async ({ disc, agent, page, scratch }) => {
  await makeFile(join(scratch, 'film.mpg'), 24);
  await disc.drop(join(scratch, 'film.mpg'));
  await disc.plannedSize();
  const network = await page.context().newCDPSession(page);
  const throttle = (uploadThroughput: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  // Slow enough to be killed in the middle.
  await throttle(4 * 1024 * 1024);
  await disc.burn();
  const progress = disc.burnCard.getByRole('progressbar');
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(30);
  await agent.stop('SIGKILL');
  await expect(disc.burnCard).toContainText('The connection broke.');
  await throttle(-1);
  await agent.start();
  await expectWholeDisc(disc, agent, scratch);
});

test.describe('a drive that takes its time', () => {
  test.use({ pace: 2 });

  test('a burn outlives the page it was started from', async ({ disc, page, scratch }) => {
    await makeFile(join(scratch, 'film.mpg'), 64);
    await disc.drop(join(scratch, 'film.mpg'));
    await disc.plannedSize();
    await disc.burn();
    await expect(disc.burnCard).toContainText('You may close this page.', { timeout: 30_000 });
    await page.reload();
    await expect(disc.burnCard).toContainText('Found a burn that is still running.');
    await disc.burned();
  });
});
