/** The page without the agent, and the page when the agent is another. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { makeFolder, sha256 } from '../folder.ts';
import { Relay } from '../relay.ts';

/** Waits until the page is kept in the browser, as it is a moment after it was opened. */
async function keptForOffline(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, {
    timeout: 30_000,
  });
}

const versions = (page: Page): Promise<string[]> => page.evaluate(() => caches.keys());

test('without agent and network the page makes the same image', async ({ disc, agent, page, scratch }) => {
  const folder = await makeFolder(scratch, 'Holiday 2021');
  await disc.drop(folder);
  await disc.plannedSize();
  await disc.save(join(scratch, 'online.iso'));
  await disc.kept();
  await keptForOffline(page);

  await agent.stop();
  await page.context().setOffline(true);
  await page.reload();
  await expect(page.getByTestId('burn')).toContainText('Burning needs the agent');
  await disc.plannedSize();
  await disc.save(join(scratch, 'offline.iso'));
  expect(await sha256(join(scratch, 'offline.iso'))).toBe(await sha256(join(scratch, 'online.iso')));
  await expectAccessible(page, 'offline');

  // Something new, with parts of the page that were not loaded before.
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await disc.begin();
  await disc.drop(join(folder, 'films'));
  await disc.plannedSize();
  await disc.open('films');
  await disc.row('intro.mpg').click();
  await page.keyboard.press('Alt+Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await disc.save(join(scratch, 'new.iso'));
  await page.goto(`${agent.origin}/docs/guide.html`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('User guide');
  await page.goto(`${agent.origin}/nowhere`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What would you like to do?');
});

test('a new version waits until it is asked for, and loses nothing', async ({ agent, page, scratch }) => {
  const relay = await Relay.open(agent.origin);
  const disc = new DiscPage(page);
  await page.goto(`${relay.origin}/#pair=${await agent.pairingCode()}`);
  await disc.connected();
  await disc.begin();
  await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
  const size = await disc.plannedSize();
  await disc.kept();
  await keptForOffline(page);
  const [before = ''] = await versions(page);
  await expect(page.getByTestId('update')).toBeEmpty();

  // The agent is upgraded: its page has another version.
  const version = before.replace('discwright-shell-', '');
  relay.changes.set('/service-worker.js', (text) => text.replaceAll(version, 'abcdef0123456789'));
  await page.reload();
  const offer = page.getByTestId('update');
  await expect(offer).toContainText('A new version of this page is here.');
  await expectAccessible(page, 'a new version is offered');
  expect((await versions(page)).sort()).toEqual([before, 'discwright-shell-abcdef0123456789'].sort());
  await offer.getByRole('button', { name: 'Reload to use the new version' }).click();
  await expect(offer).toBeEmpty();
  await disc.connected();
  expect(await disc.plannedSize()).toBe(size);
  await expect(disc.row('Holiday 2021')).toBeVisible();
  await expect.poll(() => versions(page)).toEqual(['discwright-shell-abcdef0123456789']);
  await relay.close();
});

test('an agent of another version than the page is told so', async ({ agent, page }) => {
  const relay = await Relay.open(agent.origin);
  const disc = new DiscPage(page);
  await page.goto(`${relay.origin}/#pair=${await agent.pairingCode()}`);
  await disc.connected();
  await keptForOffline(page);
  relay.changes.set('/v1/health', (text) => text.replace(/"version":"[^"]+"/, '"version":"9.8.7"'));
  await page.reload();
  const offer = page.getByTestId('update');
  await expect(offer).toContainText(/This page is version \d+\.\d+\.\d+, the agent is version 9\.8\.7\./);
  // Only then: the page asks for the version again and again, and takes its offer back when they agree.
  await offer.getByRole('button', { name: 'Reload to use the new version' }).click();
  relay.changes.clear();
  await expect(offer).toBeEmpty();
  await disc.connected();
  await relay.close();
});

test('a project file that the system opens with the app becomes a project', async ({ agent, page }) => {
  // The system's part: in place of its queue one that is filled by hand, with a real handle of a real file.
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'launchQueue', {
      value: {
        setConsumer: (take: (launch: unknown) => void) => Object.assign(globalThis, { launch: take }),
      },
    });
  });
  await page.goto(agent.origin);
  await expect(page.getByRole('button', { name: 'Data disc' })).toBeVisible();
  await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('broken.discwright', { create: true });
    const writable = await handle.createWritable();
    await writable.write('{"format":"discwright-project","version":7}');
    await writable.close();
    (globalThis as unknown as { launch: (launch: unknown) => void }).launch({ files: [handle] });
  });
  await expect(page.getByRole('alert')).toContainText('saved by a newer discwright (version 7');
});
