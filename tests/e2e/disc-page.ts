/** The page as its users see it: by names of buttons and fields, never by the structure behind them. */
import { expect, type Locator, type Page } from '@playwright/test';

export class DiscPage {
  readonly page: Page;
  readonly tree: Locator;
  readonly burnCard: Locator;
  readonly result: Locator;

  constructor(page: Page) {
    this.page = page;
    this.tree = page.getByRole('treegrid', { name: 'Contents of the disc' });
    this.burnCard = page.getByTestId('burn');
    this.result = page.getByTestId('result');
  }

  /** From the start screen to a new disc, of files alone unless it is said what it is for. */
  async begin(kind = 'Data disc'): Promise<void> {
    await this.page.getByRole('button', { name: kind }).click();
    await expect(this.page.locator('#contents')).toContainText('Drop files and folders here');
  }

  async connected(): Promise<void> {
    await expect(this.page.getByLabel('Agent', { exact: true })).toContainText('connected');
  }

  /** Drops real files and folders of this machine on the contents, as a file manager does. */
  async drop(...paths: string[]): Promise<void> {
    await this.dropOn(this.page.locator('#contents'), ...paths);
  }

  async dropOn(target: Locator, ...paths: string[]): Promise<void> {
    await target.scrollIntoViewIfNeeded();
    const box = await target.boundingBox();
    if (box === null) {
      throw new Error('there is nothing to drop on');
    }
    const session = await this.page.context().newCDPSession(this.page);
    const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    // Twice over, as a hand never holds still: the page moves a little when it offers to take the drop.
    for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, ...place, data });
    }
    await session.detach();
  }

  /** The exact size of the image, once the plan is made and stays. */
  async plannedSize(timeout = 30_000): Promise<number> {
    const exact = this.page.getByTestId('exact');
    await expect(exact).toHaveAttribute('data-status', 'ready', { timeout });
    return Number(await exact.getAttribute('data-bytes'));
  }

  /** Waits until all that was done is kept in the browser. */
  async kept(): Promise<void> {
    await expect(this.page.getByTestId('kept')).toHaveAttribute('data-state', 'kept');
  }

  row(name: string): Locator {
    return this.tree.getByRole('row').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Opens a row of the tree, if it is not open yet. */
  async open(name: string): Promise<void> {
    const row = this.row(name);
    if ((await row.getAttribute('aria-expanded')) === 'false') {
      await row.dblclick();
    }
    await expect(row).toHaveAttribute('aria-expanded', 'true');
  }

  /** Saves the image as a download and answers with the name it was given. */
  async save(file: string): Promise<string> {
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: 'Save image' }).click();
    const saved = await download;
    await saved.saveAs(file);
    return saved.suggestedFilename();
  }

  /** Saves the project as a file. */
  async saveProject(file: string): Promise<void> {
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: 'Save project' }).click();
    await (await download).saveAs(file);
  }

  /** From the burn button through the question to the job. */
  async burn(): Promise<void> {
    await this.page.getByRole('button', { name: 'Burn disc' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Burn this disc?' });
    await dialog.getByRole('button', { name: /^(Burn|Replace and burn)$/ }).click();
  }

  async burned(timeout = 60_000): Promise<void> {
    await expect(this.result).toBeVisible({ timeout });
    await expect(this.result).toHaveAttribute('data-result', 'okVerified');
    await expect(this.result).toContainText('Your disc is ready');
  }
}
