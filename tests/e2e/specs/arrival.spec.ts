/** How the page arrives: small, compressed, and once. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { Relay, type Answer } from '../relay.ts';

/** Bytes of all files a visitor needs for the first disc, the planner among them. */
const MOST_BYTES = 250_000;

function report(text: string): void {
  test.info().annotations.push({ type: 'measured', description: text });
  console.log(text);
}

function sum(answers: readonly Answer[], part: 'head' | 'body'): number {
  return answers.reduce((total, answer) => total + answer[part], 0);
}

/** What came that is of the page, not of the interface of the agent; browsers ask again whether an icon has changed. */
function filesOf(relay: Relay): Answer[] {
  return relay.answers.filter(({ path, status }) => !path.startsWith('/v1/') && status !== 304);
}

test.describe('without what comes later', () => {
  // The service worker fetches what was not needed yet, once the page is idle.
  test.use({ serviceWorkers: 'block' });

  test('a first visit up to a planned disc stays below what is allowed, and a second fetches none of it', async ({
    page,
    agent,
    scratch,
  }) => {
    const relay = await Relay.open(agent.origin);
    const disc = new DiscPage(page);
    await page.goto(`${relay.origin}/#pair=${await agent.pairingCode()}`);
    await disc.connected();
    await disc.begin();
    await writeFile(join(scratch, 'one.txt'), 'one file');
    await disc.drop(join(scratch, 'one.txt'));
    await disc.plannedSize();
    await disc.kept();
    const first = filesOf(relay);
    for (const { path, body, coding } of first) {
      report(`${String(body).padStart(7)} ${coding.padEnd(4)} ${path}`);
    }
    report(`${sum(first, 'body')} bytes in ${first.length} files, and ${sum(first, 'head')} of heads`);
    expect(sum(first, 'body')).toBeLessThan(MOST_BYTES);
    expect(first.filter(({ status }) => status !== 200)).toEqual([]);
    expect(first.filter(({ body, coding }) => body > 1000 && coding !== 'br')).toEqual([]);
    expect(new Set(first.map(({ path }) => path)).size, 'nothing comes twice').toBe(first.length);

    relay.answers.length = 0;
    await page.reload();
    await disc.connected();
    await disc.plannedSize();
    const known = new Set(first.map(({ path }) => path));
    const again = filesOf(relay).filter(({ path }) => known.has(path));
    expect(again, 'what is fetched once more').toEqual([]);
    await relay.close();
  });

  test('the start screen loads no planner before it is idle', async ({ page, agent }) => {
    const relay = await Relay.open(agent.origin);
    // Never idle.
    await page.addInitScript(() => {
      globalThis.requestIdleCallback = () => 0;
    });
    await page.goto(relay.origin);
    await expect(page.getByRole('button', { name: 'Data disc' })).toBeVisible();
    await page.waitForLoadState('networkidle');
    const files = filesOf(relay);
    report(`start screen: ${sum(files, 'body')} bytes in ${files.length} files`);
    expect(files.map(({ path }) => path).filter((path) => /wasm|worker|kind/.test(path))).toEqual([]);
    expect(sum(files, 'body')).toBeLessThan(60_000);
    await relay.close();
  });
});

/** Milliseconds from an empty cache to a page that has answered a click. */
async function timeToClick(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(address, { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Data disc' }).click();
  await expect(page.locator('#contents')).toContainText('Drop files and folders here');
  const taken = performance.now() - started;
  await context.close();
  return taken;
}

/** How long depends on what else the machine does: it is measured here, and read by people. */
test('a page nobody has in store answers a click', async ({ browser, agent }) => {
  const taken: number[] = [];
  for (let visit = 0; visit < 3; visit += 1) {
    taken.push(await timeToClick(browser, agent.origin));
  }
  report(`from nothing to the answer to a click: ${taken.map(Math.round).join(', ')} ms`);
});

async function manifestProblems(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send('Page.getAppManifest');
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  await session.detach();
  const notHere = 'in-incognito';
  return [
    ...errors.map(({ message }) => message),
    ...installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== notHere),
  ];
}

test('what checkers of pages look for is there', async ({ page, agent }) => {
  const said: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      said.push(message.text());
    }
  });
  const reply = await page.goto(agent.origin);
  await expect(page.getByRole('button', { name: 'Data disc' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  const headers = reply?.headers() ?? {};
  expect(headers['content-security-policy']).toContain("default-src 'self'");
  expect(headers['strict-transport-security']).toBeUndefined();
  expect(headers['content-encoding']).toBe('br');
  expect(headers['vary']).toContain('Accept-Encoding');
  expect(headers['cache-control']).toBe('no-cache');

  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page).toHaveTitle('discwright');
  for (const [name, content] of [
    ['description', /.{50,160}/],
    ['viewport', /width=device-width/],
    ['color-scheme', /light dark/],
  ] as const) {
    await expect(page.locator(`meta[name="${name}"]`)).toHaveAttribute('content', content);
  }
  await expect(page.locator('h1')).toHaveCount(1);
  expect(await manifestProblems(page)).toEqual([]);
  expect(said).toEqual([]);
});
