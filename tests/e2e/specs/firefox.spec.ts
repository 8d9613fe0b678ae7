/** The whole path in Firefox: author, find the files again after a visit, save, burn, read back. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discwright } from '../agent.ts';
import { Firefox } from '../firefox.ts';
import { expect, test } from '../fixtures.ts';
import { EMOJI_NAME, LONG_NAME, makeFolder, sha256 } from '../folder.ts';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));

test('a disc is made and burned in Firefox, and its files are found again', async ({ agent, scratch }) => {
  test.setTimeout(300_000);
  const folder = await makeFolder(scratch, 'Holiday 2021');
  const names = ['read me.txt', 'empty.dat', EMOJI_NAME, LONG_NAME, 'films/intro.mpg'];
  const files = names.map((name) => join(folder, name));
  const firefox = await Firefox.open(scratch);
  try {
    const { page } = firefox;
    await page.goto(agent.address);
    await firefox.click('Data disc');
    await firefox.choose('[data-testid=files]', ...files);
    await firefox.see('[data-testid=exact][data-status=ready]');
    await firefox.see('[data-testid=kept][data-state=kept]');

    // Firefox keeps no way to files: after another visit they are chosen again.
    await page.reload();
    await firefox.see('::-p-text(Choose files)');
    await firefox.choose('[data-testid=reunion-files]', ...files);
    await page.waitForSelector('[data-testid=reunion]', { hidden: true });
    await firefox.see('[data-testid=exact][data-status=ready]');
    const size = await page.$eval('[data-testid=exact]', (exact) => Number(exact.getAttribute('data-bytes')));
    await page.screenshot({ path: join(OUTPUT, 'firefox-disc.png') });

    await firefox.click('Save image');
    const isThere = async () => (await readdir(firefox.downloads)).join();
    await expect.poll(isThere, { timeout: 60_000 }).toMatch(/^[^,]+\.iso$/);
    const saved = join(firefox.downloads, await isThere());
    const digest = await sha256(saved);

    await firefox.click('Burn disc', '[data-testid=burn]');
    await firefox.click('Burn', 'dialog[open] .actions');
    await firefox.see('[data-testid=result][data-result=okVerified]');
    expect(await firefox.text('[data-testid=burn]')).toContain(digest);
    await page.screenshot({ path: join(OUTPUT, 'firefox-burned.png') });

    await agent.stop();
    const back = join(scratch, 'back.iso');
    await discwright('read', `virtual:${agent.disc(0)}`, '-o', back);
    expect(await sha256(back), 'the disc holds the image').toBe(digest);
    expect(size).toBeGreaterThan(5 * 1024 * 1024);
    expect(firefox.problems, 'errors nobody caught in the page').toEqual([]);
  } finally {
    await firefox.close();
  }
});

test('Firefox gets what it needs in compressed forms', async ({ agent, scratch }) => {
  test.setTimeout(300_000);
  const firefox = await Firefox.open(scratch);
  try {
    const codings = new Map<string, string>();
    firefox.page.on('response', (response) => {
      const kind = /\.(js|css|wasm)$/.exec(new URL(response.url()).pathname)?.[1];
      if (kind !== undefined) {
        codings.set(kind, response.headers()['content-encoding'] ?? 'identity');
      }
    });
    await firefox.page.goto(agent.address);
    await firefox.click('Data disc');
    await firefox.choose(
      '[data-testid=files]',
      join(await makeFolder(scratch, 'Holiday 2021'), 'read me.txt'),
    );
    await firefox.see('[data-testid=exact][data-status=ready]');
    expect([...codings.keys()].sort()).toEqual(['css', 'js', 'wasm']);
    for (const coding of codings.values()) {
      expect(coding).toBe('br');
    }
    expect(firefox.problems, 'errors nobody caught in the page').toEqual([]);
  } finally {
    await firefox.close();
  }
});
