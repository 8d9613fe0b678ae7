/** The page on another site: the browser has a say in whether it reaches the agent. */
import { join } from 'node:path';
import type { Page, Route } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { Agent } from '../agent.ts';
import { DiscPage } from '../disc-page.ts';
import { Firefox } from '../firefox.ts';
import { expect, test as base } from '../fixtures.ts';
import { makeFolder } from '../folder.ts';
import { BROWSER_ARGUMENTS, FIREFOX_PREFERENCES, serveSite, SITE, SITE_BY_ADDRESS } from '../hosted.ts';

const test = base.extend<{ site: undefined; firefox: Firefox }>({
  agent: async ({ scratch, discs }, use) => {
    const agent = await Agent.open(scratch, discs, { port: 'usual' });
    await use(agent);
    await agent.stop();
  },
  site: async ({ scratch }, use) => {
    const server = await serveSite(scratch);
    await use(undefined);
    server.closeAllConnections();
    server.close();
  },
  firefox: async ({ scratch, site }, use) => {
    expect(site).toBeUndefined();
    const firefox = await Firefox.open(scratch, FIREFOX_PREFERENCES);
    await use(firefox);
    await firefox.close();
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
test.describe.configure({ mode: 'default' });

/**
 * Answers the browser's question for the user, before it is asked. The answer holds as long as the session is open, which
 * ends with the browser.
 */
async function answer(page: Page, setting: 'granted' | 'denied'): Promise<void> {
  const context = page.context();
  const ofPage = await context.newCDPSession(page);
  const { browserContextId = '' } = (await ofPage.send('Target.getTargetInfo')).targetInfo;
  await ofPage.detach();
  const session = await context.browser()?.newBrowserCDPSession();
  const permission = { name: 'loopback-network' };
  await session?.send('Browser.setPermission', { permission, setting, origin: SITE, browserContextId });
}

async function openSite(page: Page): Promise<DiscPage> {
  const disc = new DiscPage(page);
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showSaveFilePicker');
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
  scratch,
}) => {
  expect(site).toBeUndefined();
  const disc = await openSite(page);
  await answer(page, 'granted');
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

test('where the browser forbids it, the page says so and how to go on', async ({ site, agent, page }) => {
  expect(site).toBeUndefined();
  const disc = await openSite(page);
  await answer(page, 'denied');
  await connect(page, await agent.pairingCode());
  await expect(page.getByTestId('reach')).toContainText('Your browser does not let this page reach programs');
  await expect(page.getByRole('link', { name: 'Open the agent’s own page' })).toHaveAttribute(
    'href',
    'http://127.0.0.1:8653/',
  );
  await expectAccessible(page, 'the agent is out of reach');
  // Another answer is taken at the next try.
  await answer(page, 'granted');
  await connect(page, await agent.pairingCode());
  await disc.connected();
});

test('a question that is open or put away is told so, and images are saved without an answer', async ({
  site,
  agent,
  page,
  scratch,
}) => {
  expect(site).toBeUndefined();
  const disc = await openSite(page);
  // A browser without a window refuses by itself. Here the first request waits as it does while the question is open,
  // and fails as it does when that is put away.
  const waiting = new Promise<Route>((resolve) => {
    void page.route('http://127.0.0.1:*/v1/health', resolve, { times: 1 });
  });
  await connect(page, await agent.pairingCode());
  const reach = page.getByTestId('reach');
  await expect(reach).toContainText('Your browser is asking whether this page may reach programs');
  await expectAccessible(page, 'the browser asks');
  await (await waiting).abort();
  await expect(reach).toContainText('The browser’s question was put away.');

  await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
  await disc.plannedSize();
  await disc.save(join(scratch, 'saved.iso'));
  // Asked again, it refuses.
  await connect(page, await agent.pairingCode());
  await expect(reach).toContainText('Your browser does not let this page reach programs');
});

test.describe('in Firefox', () => {
  test.describe.configure({ timeout: 300_000 });

  const allow = (firefox: Firefox, state: 'granted' | 'denied') =>
    firefox.answer(SITE_BY_ADDRESS, 'loopback-network', state);

  /** Waits for words in a part of the page. */
  const reads = (firefox: Firefox, selector: string, words: string) =>
    firefox.see(`${selector} ::-p-text(${words})`);

  async function open(firefox: Firefox): Promise<void> {
    await firefox.page.goto(SITE_BY_ADDRESS);
    await firefox.click('Data disc');
    await reads(firefox, '[data-testid=burn]', 'Burning needs the agent');
  }

  async function connectWith(firefox: Firefox, code: string): Promise<void> {
    await firefox.page.locator('[data-testid=burn] form input').fill(code);
    await firefox.page.locator('[data-testid=burn] form button').click();
  }

  test('where it is allowed, a page of another site pairs, burns, and knows the agent again', async ({
    firefox,
    agent,
    scratch,
  }) => {
    await open(firefox);
    await allow(firefox, 'granted');
    await connectWith(firefox, await agent.pairingCode());
    await reads(firefox, '[role=status]', 'connected');
    const folder = await makeFolder(scratch, 'Holiday 2021');
    await firefox.choose('[data-testid=files]', join(folder, 'read me.txt'), join(folder, 'films/intro.mpg'));
    await firefox.see('[data-testid=exact][data-status=ready]');
    await firefox.click('Burn disc', '[data-testid=burn]');
    await firefox.click('Burn', 'dialog[open] .actions');
    await firefox.see('[data-testid=result][data-result=okVerified]');

    await firefox.page.reload();
    await reads(firefox, '[role=status]', 'connected');
    expect(firefox.problems, 'errors nobody caught in the page').toEqual([]);
  });

  test('where it is forbidden, the page says so, and takes another answer', async ({ firefox, agent }) => {
    await open(firefox);
    await allow(firefox, 'denied');
    await connectWith(firefox, await agent.pairingCode());
    await reads(firefox, '[data-testid=reach]', 'Your browser does not let this page reach programs');
    await firefox.see('[data-testid=burn] a[href="http://127.0.0.1:8653/"]');
    await allow(firefox, 'granted');
    await connectWith(firefox, await agent.pairingCode());
    await reads(firefox, '[role=status]', 'connected');
  });

  test('while the question is open the page says so', async ({ firefox, agent }) => {
    await open(firefox);
    await connectWith(firefox, await agent.pairingCode());
    await reads(
      firefox,
      '[data-testid=reach]',
      'Your browser is asking whether this page may reach programs',
    );
  });
});
