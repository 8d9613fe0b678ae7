/** What Lighthouse says of the page: as it is opened, and with files in a project. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultConfig, desktopConfig, startFlow, type FlowResult } from 'lighthouse';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { expect, test } from '../fixtures.ts';

const OUTPUT = fileURLToPath(new URL('../output/lighthouse/', import.meta.url));
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
/** How fast the page is depends on what else the machine does: it is measured here, and read by people. */
const ONLY_MEASURED = 'performance';

/** Lighthouse's own forms: a slow phone with a slow network, and a computer. */
const FORMS = [
  ['mobile', defaultConfig],
  ['desktop', desktopConfig],
] as const;

type Lhr = FlowResult['steps'][number]['lhr'];

/** What costs points in a category: the audits that did not pass. */
function failed(lhr: Lhr, category: string): string[] {
  const refs = lhr.categories[category]?.auditRefs ?? [];
  return refs
    .filter(({ weight }) => weight > 0)
    .map(({ id }) => lhr.audits[id])
    .filter((audit) => audit !== undefined && audit.score !== null && audit.score < 1)
    .map((audit) => `${audit?.id}: ${audit?.title} ${audit?.displayValue ?? ''}`.trim());
}

function report(name: string, lhr: Lhr): void {
  const scores = Object.values(lhr.categories)
    .filter(({ id }) => id !== ONLY_MEASURED || lhr.gatherMode === 'navigation')
    .map(({ id, score }) => `${id} ${Math.round((score ?? 0) * 100)}`);
  const measured = lhr.gatherMode === 'navigation' ? failed(lhr, ONLY_MEASURED) : [];
  const { throttlingMethod, throttling } = lhr.configSettings;
  const slowed =
    lhr.gatherMode === 'navigation'
      ? ` (${throttlingMethod}: ${throttling.rttMs} ms, ${Math.round(throttling.throughputKbps)} kbit/s, processor 1/${throttling.cpuSlowdownMultiplier})`
      : '';
  const text = `${name}: ${scores.join(', ')}${slowed}${measured.length > 0 ? `; ${measured.join('; ')}` : ''}`;
  test.info().annotations.push({ type: 'measured', description: text });
  console.log(text);
}

async function fill(page: Page, address: string, file: string): Promise<void> {
  await page.goto(address);
  await page.locator('button ::-p-text(Data disc)').click();
  const input = await page.waitForSelector('[data-testid=files]');
  await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(file);
  await page.waitForSelector('[data-testid=exact][data-status=ready]');
}

let browser: Browser;
test.beforeAll(async () => {
  browser = await puppeteer.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
test.afterAll(() => browser.close());

for (const [form, config] of FORMS) {
  test(`${form}: nothing is left to object to`, async ({ agent, scratch }) => {
    test.setTimeout(300_000);
    const file = join(scratch, 'one.txt');
    await writeFile(file, 'one file');
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const flow = await startFlow(page, { config, flags: { onlyCategories: CATEGORIES } });
    await flow.navigate(agent.origin, { name: 'start screen' });
    await fill(page, agent.address, file);
    await flow.snapshot({ name: 'a disc with a file' });

    await mkdir(OUTPUT, { recursive: true });
    await writeFile(join(OUTPUT, `${form}.html`), await flow.generateReport());
    const { steps } = await flow.createFlowResult();
    await writeFile(join(OUTPUT, `${form}.json`), JSON.stringify(steps));
    await context.close();
    expect(steps).toHaveLength(2);
    for (const { name, lhr } of steps) {
      report(`${form}, ${name}`, lhr);
      for (const category of CATEGORIES.filter((each) => each !== ONLY_MEASURED)) {
        expect.soft(lhr.categories[category]?.score, `${name}: ${failed(lhr, category).join('; ')}`).toBe(1);
      }
      expect(lhr.runtimeError).toBeUndefined();
    }
  });
}
