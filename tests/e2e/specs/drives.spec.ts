/** Every kind of disc, and what happens to drives and to the agent's own disk. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { discwright } from '../agent.ts';
import { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { makeFile, makeFolder, sha256 } from '../folder.ts';
import { createdSeconds } from '../image.ts';

const CD = ['cd-r', 'cd-rw'];
const DVD = ['dvd-r', 'dvd-r-dl', 'dvd-rw', 'dvd-ram', 'dvd+r', 'dvd+r-dl', 'dvd+rw'];
const BD = ['bd-r', 'bd-r-dl', 'bd-r-tl', 'bd-r-ql', 'bd-re', 'bd-re-dl', 'bd-re-tl'];
const EVERY = [...CD, ...DVD, ...BD];

test.describe('discs of every kind', () => {
  // In a list of two or more, Playwright takes the second for what it is to do with the first.
  test.use({ discs: [EVERY.map((media) => ({ media })), { scope: 'test' }] });

  test('are burned one after the other, checked, and read back byte for byte', async ({
    disc,
    agent,
    page,
    scratch,
  }) => {
    test.setTimeout(EVERY.length * 30_000);
    await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
    const digests: string[] = [];
    for (const [index, media] of EVERY.entries()) {
      await page
        .getByLabel('Drive', { exact: true })
        .selectOption({ label: `${index}-${media}.vdisc (virtual)` });
      await disc.plannedSize();
      await disc.burn();
      await disc.burned();
      digests.push(/[0-9a-f]{64}/.exec((await disc.burnCard.textContent()) ?? '')?.[0] ?? '');
      await page.getByRole('button', { name: 'Back to the disc' }).click();
    }
    await agent.stop();
    const back = join(scratch, 'back.iso');
    for (const [index, media] of EVERY.entries()) {
      await discwright('read', `virtual:${agent.disc(index)}`, '-o', back);
      expect.soft(await sha256(back), media).toBe(digests[index]);
      await rm(back);
    }
  });
});

test.describe('the disc in the drive', () => {
  test.use({ discs: [[{ media: 'cd-r' }, { media: 'bd-re' }], { scope: 'test' }] });

  test('decides what the image is made of once it is chosen, and so does the next one', async ({
    disc,
    page,
    scratch,
  }) => {
    const folder = await makeFolder(scratch, 'Holiday 2021');
    await disc.drop(folder);
    await disc.plannedSize();
    const udf = page.getByRole('checkbox', { name: /^UDF/ });
    await expect(udf, 'it suits every medium').toBeChecked();

    await page.getByLabel('Disc size').selectOption({ label: 'In the drive: CD-R' });
    await expect(udf).not.toBeChecked();
    await page.getByLabel('Drive', { exact: true }).selectOption({ label: '1-bd-re.vdisc (virtual)' });
    await expect(udf).toBeChecked();
    await expect(page.getByLabel('Disc size')).toHaveValue('drive');

    await disc.plannedSize();
    const saved = join(scratch, 'saved.iso');
    await disc.save(saved);
    const built = join(scratch, 'built.iso');
    const epoch = String(await createdSeconds(saved));
    const same = ['--attributes', 'portable', '--epoch', epoch, '--volume', 'Holiday 2021'];
    await discwright('build', '-o', built, ...same, '--media', 'bd', `Holiday 2021=${folder}`);
    expect(await sha256(saved), 'that of --media bd').toBe(await sha256(built));
  });
});

test.describe('a drive that is unplugged', () => {
  test.use({ discs: [{ media: 'bd-re', faults: 'write after 4MiB: gone\n' }] });

  test('ends the burn in words, and nothing of the project is lost', async ({ disc, page, scratch }) => {
    await makeFile(join(scratch, 'film.mpg'), 24);
    await disc.drop(join(scratch, 'film.mpg'));
    await disc.plannedSize();
    await disc.burn();
    await expect(disc.result).toHaveAttribute('data-result', 'failed', { timeout: 60_000 });
    await expect(disc.result).toContainText('The disc was not burned');
    await expect(disc.result).toContainText('The drive went away while writing');
    await expect(disc.row('film.mpg')).toBeVisible();
    await disc.kept();
    await page.reload();
    await expect(disc.row('film.mpg')).toBeVisible();
  });
});

test.describe('a drive that somebody else is using', () => {
  test.use({ pace: 1 });

  test('shows what it does, and is free again afterwards', async ({ disc, agent, browser, scratch }) => {
    await makeFile(join(scratch, 'film.mpg'), 64);
    await disc.drop(join(scratch, 'film.mpg'));
    await disc.plannedSize();
    const context = await browser.newContext();
    const other = new DiscPage(await context.newPage());
    await other.page.goto(`${agent.origin}/#pair=${await agent.pairingCode()}`);
    await other.connected();
    await other.begin();
    await makeFile(join(scratch, 'song.wav'), 1);
    await other.drop(join(scratch, 'song.wav'));
    await other.plannedSize();

    await disc.burn();
    await expect(other.burnCard).toContainText('Writing', { timeout: 60_000 });
    const button = other.page.getByRole('button', { name: 'Burn disc' });
    await expect(button).toHaveCount(0);
    await disc.page.getByRole('button', { name: 'Cancel burning' }).click();
    await disc.page.getByRole('button', { name: 'Stop burning' }).click();
    await expect(disc.result).toHaveAttribute('data-result', 'cancelled', { timeout: 60_000 });
    await expect(button).toHaveAttribute('aria-disabled', 'false');
    await other.burn();
    await other.burned();
    await context.close();
  });
});

test.describe('an agent whose disk is nearly full', () => {
  // The agent leaves 64 MiB to the system.
  test.use({ room: 72 });

  test('says so before anything is sent, and burns what has room', async ({ disc, page, scratch }) => {
    await makeFile(join(scratch, 'film.mpg'), 24);
    await makeFile(join(scratch, 'song.wav'), 1);
    await disc.drop(join(scratch, 'film.mpg'), join(scratch, 'song.wav'));
    await disc.plannedSize();
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') {
        sent.push(request.url());
      }
    });
    await disc.burn();
    await expect(disc.burnCard).toContainText('The agent has not enough room for the image.');
    await expect(disc.burnCard).toContainText('Free some space on the disk');
    expect(sent).toEqual([]);

    await page.getByRole('button', { name: 'Try again' }).click();
    await disc.row('film.mpg').click();
    await page.keyboard.press('Delete');
    await disc.plannedSize();
    await disc.burn();
    await disc.burned();
  });
});
