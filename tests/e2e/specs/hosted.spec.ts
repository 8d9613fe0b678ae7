/** The page on another site: the browser has a say in whether it reaches the agent. */
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { Agent } from '../agent.ts';
import { DiscPage } from '../disc-page.ts';
import { expect, test as base } from '../fixtures.ts';
import { makeFolder } from '../folder.ts';
import { BROWSER_ARGUMENTS, serveSite, SITE } from '../hosted.ts';

const test = base.extend<{ site: undefined }>({
  agent: async ({ scratch, discs }, use) => {
    const agent = await Agent.open(scratch, discs, 'usual');
    await use(agent);
    await agent.stop();
  },
  site: async ({ scratch }, use) => {
    const server = await serveSite(scratch);
    await use(undefined);
    server.closeAllConnections();
    server.close();
  },
});

test.use({
  ignoreHTTPSErrors: true,
  launchOptions: {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: BROWSER_ARGUMENTS,
  },
});
// There is one site and one row of ports.
test.describe.configure({ mode: 'serial' });

/** Answers the browser's question for the user, before it is asked. */
async function answer(browser: Browser, setting: 'granted' | 'denied' | 'prompt'): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  for (const name of ['local-network-access', 'loopback-network']) {
    await session.send('Browser.setPermission', { permission: { name }, setting, origin: SITE }).catch(() => undefined);
  }
  await session.detach();
}

async function openSite(page: Page): Promise<DiscPage> {
  const disc = new DiscPage(page);
  await page.addInitScript(() => {
    delete (window as { showSaveFilePicker?: unknown }).showSaveFilePicker;
  });
  await page.goto(SITE);
  await disc.begin();
  await expect(disc.burnCard).toContainText('Burning needs the agent');
  return disc;
}

async function connect(page: Page, code: string): Promise<void> {
  await page.getByLabel('Pairing code').fill(code);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

test('where the browser allows it, a page of another site pairs and burns', async ({
  site,
  agent,
  page,
  browser,
  scratch,
}) => {
  expect(site).toBeUndefined();
  await answer(browser, 'granted');
  const disc = await openSite(page);
  await connect(page, 'BCDFGHJK');
  await expect(page.getByTestId('reach')).toContainText('No agent answers.');
  await expectAccessible(page, 'no agent answers');

  await connect(page, await agent.pairingCode());
  await disc.connected();
  await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
  await disc.plannedSize();
  await disc.burn();
  await disc.burned();

  await page.reload();
  await disc.connected();
});

test('where the browser forbids it, the page says so and how to go on', async ({ site, agent, page, browser }) => {
  expect(site).toBeUndefined();
  await answer(browser, 'denied');
  const disc = await openSite(page);
  await connect(page, await agent.pairingCode());
  await expect(page.getByTestId('reach')).toContainText('Your browser does not let this page reach programs');
  await expect(page.getByRole('link', { name: 'Open the agent’s own page' })).toHaveAttribute(
    'href',
    'http://127.0.0.1:8653/',
  );
  await expectAccessible(page, 'the agent is out of reach');
  // Another answer is taken at the next try.
  await answer(browser, 'granted');
  await connect(page, await agent.pairingCode());
  await disc.connected();
});

test('a question that is open is pointed at, and images are saved without an answer', async ({
  site,
  agent,
  page,
  browser,
  scratch,
}) => {
  expect(site).toBeUndefined();
  await answer(browser, 'prompt');
  const disc = await openSite(page);
  await connect(page, await agent.pairingCode());
  await expect(page.getByTestId('reach')).toContainText(/Your browser is asking|The browser’s question was put away/);
  await expectAccessible(page, 'the browser asks');
  await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
  await disc.plannedSize();
  await disc.save(join(scratch, 'saved.iso'));
});
