/** What the page shows while a disc is burned, and after: chart, map, log. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { discwright, type Agent } from '../agent.ts';
import { expect, test } from '../fixtures.ts';
import { makeFile, makeFolder } from '../folder.ts';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const WIDTHS = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };

/** A drive that says once that its buffer is full. */
const FULL = 'write 3: long-write for 100ms';

const DAMAGE = ['read blocks 1000-1003: medium-error always', 'read blocks 3000: medium-error times 1'];

/** Says what goes wrong in the drive from now on. */
async function script(agent: Agent, ...lines: string[]): Promise<void> {
  await writeFile(`${agent.disc(0)}.faults`, `${lines.join('\n')}\n`);
}

const pointsOf = async (page: Page): Promise<number> =>
  Number(await page.getByTestId('chart').first().getAttribute('data-points'));

// A Blu-ray at 1x takes 4.5 MB a second, so that there is something to see.
test.use({ pace: 1 });

test('the chart of a burn goes on after the page was closed', async ({ disc, page, agent, scratch }) => {
  test.slow();
  await script(agent, FULL);
  await makeFile(join(scratch, 'film.mpg'), 96);
  await disc.drop(join(scratch, 'film.mpg'));
  await disc.plannedSize();
  await disc.burn();
  const chart = page.getByTestId('chart').first();
  await expect(chart).toHaveAttribute('data-phase', 'writing', { timeout: 60_000 });
  await expect.poll(() => pointsOf(page), { timeout: 60_000 }).toBeGreaterThan(3);
  const before = await pointsOf(page);

  await page.goto('about:blank');
  await page.goto(agent.origin);
  await expect(page.getByText('Found a burn that is still running.')).toBeVisible();
  await expect.poll(() => pointsOf(page)).toBeGreaterThan(before);
  await expect(page.getByTestId('chart-summary').first()).toContainText('On average');
  await chart.getByText('The same as a table').click();
  const rows = chart.getByRole('row');
  expect(await rows.count()).toBeGreaterThan(4);
  await expect(rows.nth(1)).toContainText('0:0');
  await disc.burned(120_000);
  await expect(page.locator('[data-testid=chart][data-phase=writing]')).toBeVisible();
  await expect(page.getByTestId('map-summary')).toContainText('read and fine');

  const log = page.getByTestId('job-log');
  await log.getByText('What happened').click();
  await expect(log).toContainText('Looks at drive, disc and image');
  await expect(log).toContainText(/WRITE\(10\): .*\(2\/04\/08\), at blocks \d.* times within/);
  await expect(log).toContainText('Done');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await log.getByRole('button', { name: 'Copy as text' }).click();
  await expect(log).toContainText('Copied.');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^Burning in .*\n\n0:00\.\d {2}Looks at drive/);
  const download = page.waitForEvent('download');
  await log.getByRole('button', { name: 'Save as a file' }).click();
  const saved = join(scratch, 'log.txt');
  await (await download).saveAs(saved);
  expect(await readFile(saved, 'utf8')).toBe(copied);
});

test('a disc that was read with damage shows where, and which files are hit', async ({
  start,
  page,
  scratch,
  agent,
}) => {
  const image = join(scratch, 'photos.iso');
  await makeFile(join(scratch, 'film.mpg'), 8);
  await discwright('build', '-o', image, join(scratch, 'film.mpg'));
  await agent.stop();
  await discwright('burn', `virtual:${agent.disc(0)}`, image, '--verify', 'none');
  await script(agent, ...DAMAGE);
  await agent.start();
  await start.connected();
  await page.getByRole('button', { name: 'Copy or read a disc' }).click();
  await page.getByRole('button', { name: 'Read disc' }).click();
  await expect(page.getByTestId('task-result')).toHaveAttribute('data-state', 'failed', { timeout: 60_000 });
  const map = page.getByTestId('sector-map');
  await expect(map).toContainText('Blocks 1,000 to 1,003: cannot be read');
  await expect(map).toContainText('1 file is hit');
  await expect(map).toContainText('film.mpg');
  await expect(map.locator('.drawing rect.unreadable')).not.toHaveCount(0);
  await expect(map.locator('.drawing rect.weak')).not.toHaveCount(0);
  await expect(map.locator('.drawing rect.unread')).toHaveCount(0);
  await page.reload();
  await start.connected();
});

for (const scheme of ['light', 'dark'] as const) {
  for (const [device, viewport] of Object.entries(WIDTHS)) {
    test.describe(`${scheme}, ${device}`, () => {
      test.use({ viewport, colorScheme: scheme, contextOptions: { reducedMotion: 'reduce' } });

      test('a burn and a damaged disc can be seen and read', async ({ disc, page, agent, scratch }) => {
        test.slow();
        const look = async (state: string): Promise<void> => {
          await expectAccessible(page, state);
          const [content, room] = await page.evaluate(() => [
            document.documentElement.scrollWidth,
            document.documentElement.clientWidth,
          ]);
          expect(content, `width of the page: ${state}`).toBeLessThanOrEqual(room ?? 0);
          await page.screenshot({
            path: join(OUTPUT, `record-${device}-${scheme}-${state}.png`),
            fullPage: true,
          });
        };
        await script(agent, FULL, ...DAMAGE);
        await makeFile(join(scratch, 'film.mpg'), 24);
        await disc.drop(await makeFolder(scratch, 'Holiday 2021'), join(scratch, 'film.mpg'));
        await disc.plannedSize();
        await disc.burn();
        await expect.poll(() => pointsOf(page), { timeout: 60_000 }).toBeGreaterThan(4);
        await look('1-writing');
        await expect(disc.result).toHaveAttribute('data-result', 'differs', { timeout: 120_000 });
        const map = page.getByTestId('sector-map');
        await expect(map).toContainText('cannot be read');
        await page.getByTestId('job-log').getByText('What happened').click();
        await expect(page.getByTestId('job-log')).toContainText('READ(10)');
        await look('2-damaged');
        await disc.burnCard.screenshot({ path: join(OUTPUT, `record-${device}-${scheme}-3-card.png`) });
      });
    });
  }
}
