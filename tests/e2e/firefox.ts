/** Firefox with the page in it. It is driven by WebDriver BiDi, which Playwright has not for the Firefox that people use. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer, { type Browser, type ElementHandle, type Page, type PermissionState } from 'puppeteer-core';

/** How long anything may take, in milliseconds: the first start of a profile is slow. */
const PATIENCE = 60_000;

export class Firefox {
  readonly page: Page;
  /** Where downloads go. */
  readonly downloads: string;
  /** Errors nobody caught in the page. */
  readonly problems: string[] = [];
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page, downloads: string) {
    this.#browser = browser;
    this.page = page;
    this.downloads = downloads;
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.setDefaultTimeout(PATIENCE);
  }

  static async open(scratch: string, preferences: Record<string, unknown> = {}): Promise<Firefox> {
    const downloads = join(scratch, 'downloads');
    await mkdir(downloads, { recursive: true });
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr',
      timeout: 2 * PATIENCE,
      // Sites of tests have certificates nobody vouches for.
      acceptInsecureCerts: true,
      extraPrefsFirefox: {
        'browser.download.folderList': 2,
        'browser.download.dir': downloads,
        'browser.download.useDownloadDir': true,
        ...preferences,
      },
    });
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    return new Firefox(browser, page, downloads);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** Answers a question of the browser for the user, before it is asked. */
  async answer(origin: string, name: string, state: PermissionState): Promise<void> {
    await this.page.browserContext().setPermission(origin, { permission: { name }, state });
  }

  /** Clicks what shows this text. */
  async click(text: string, within = 'body'): Promise<void> {
    await this.page.locator(`${within} ::-p-text(${text})`).setTimeout(PATIENCE).click();
  }

  /** Waits for what a selector finds. */
  async see(selector: string): Promise<ElementHandle> {
    const found = await this.page.waitForSelector(selector, { visible: true });
    if (found === null) {
      throw new Error(`${selector} is gone`);
    }
    return found;
  }

  async text(selector: string): Promise<string> {
    await this.see(selector);
    return this.page.$eval(selector, (element) => (element as HTMLElement).innerText);
  }

  /** Chooses files as the dialogue of an `<input type=file>` does. */
  async choose(selector: string, ...paths: string[]): Promise<void> {
    const input = (await this.page.waitForSelector(selector)) as ElementHandle<HTMLInputElement> | null;
    await input?.uploadFile(...paths);
  }
}
