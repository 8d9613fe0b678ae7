/** Properties of files and folders: set by keyboard, on the disc as others see it, and in the project. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { discwright } from '../agent.ts';
import { expect, test } from '../fixtures.ts';
import { makeFolder, sha256 } from '../folder.ts';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const run = promisify(execFile);

/** What another program prints about an image. */
async function said(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(program, args, {
    maxBuffer: 16 * 1024 * 1024,
    env: { ...process.env, TZ: 'UTC' },
  });
  return stdout;
}

/** Types a local time into the field that has the focus, and leaves it. */
async function typeTime(page: Page, date: string, time: string): Promise<void> {
  await page.keyboard.type(date);
  await page.keyboard.press('Tab');
  await page.keyboard.type(time);
  await page.keyboard.press('Tab');
}

/** The line of a listing that ends in this name. */
function line(listing: string, name: string): string {
  const lines = listing.split('\n').filter((each) => each.trimEnd().endsWith(name));
  expect(lines, name).toHaveLength(1);
  return lines[0] ?? '';
}

/** Where `isoinfo -l` says that the bytes of a file begin. */
function extentOf(listing: string, name: string): number {
  return Number(/\[\s*(\d+) \w\w\]/.exec(line(listing, name))?.[1]);
}

test.use({ timezoneId: 'UTC' });

test('every property that is set by keyboard is on the disc', async ({ disc, page, scratch }) => {
  const folder = await makeFolder(scratch, 'Trip');
  await disc.drop(folder);
  await disc.plannedSize();
  await disc.open('Trip');

  await disc.row('read me.txt').click();
  await page.keyboard.press('Alt+Enter');
  const dialog = page.getByRole('dialog', { name: 'Properties of “read me.txt”' });
  await dialog.getByLabel('Modified').focus();
  await typeTime(page, '12311999', '115958PM');
  await page.keyboard.press('Tab');
  await typeTime(page, '07041998', '010203AM');
  await dialog.getByLabel('Mark as hidden').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(dialog.getByLabel('Joliet')).toBeFocused();
  await page.keyboard.press('Space');
  await dialog.getByLabel('Owner: Execute').focus();
  await page.keyboard.press('Space');
  await expect(dialog.getByLabel('Octal')).toHaveValue('744');
  await dialog.getByLabel('Owner number').focus();
  await page.keyboard.type('1000');
  await page.keyboard.press('Tab');
  await page.keyboard.type('4294967295');
  await expect(dialog.getByText('A whole number from 0 to 4,294,967,294, please.')).toBeVisible();
  await expectAccessible(page, 'properties with a number out of range');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('100');
  await page.keyboard.press('Tab');
  await expect(dialog.getByLabel('Weight')).toBeFocused();
  await page.keyboard.type('-5');
  await expect(dialog.getByLabel('Modified')).toHaveValue('1999-12-31T23:59:58');
  await expect(dialog.getByLabel('Created')).toHaveValue('1998-07-04T01:02:03');
  await page.screenshot({ path: join(OUTPUT, 'properties-desk.png') });
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);

  await disc.row('films').click();
  await page.keyboard.press('Alt+Enter');
  const ofFolder = page.getByRole('dialog', { name: 'Properties of “films”' });
  await expect(ofFolder.getByLabel('Weight')).toHaveCount(0);
  await ofFolder.getByLabel('UDF', { exact: true }).press('Space');
  await ofFolder.getByLabel('Octal').fill('1770');
  await page.keyboard.press('Enter');
  await expect(ofFolder).toHaveCount(0);

  // UDF 2.50, whose file entries have room for the date of creation.
  await page.getByLabel('Disc size').selectOption('bd');
  // Kept, and as it was after a visit elsewhere.
  await disc.kept();
  await page.reload();
  await disc.connected();
  await disc.plannedSize();
  const image = join(scratch, 'saved.iso');
  await disc.save(image);

  const rockRidge = await said('isoinfo', '-R', '-l', '-i', image);
  // isoinfo writes numbers of owners in octal.
  expect(line(rockRidge, ' read me.txt')).toMatch(/^-rwxr--r--\s+\d+\s+1750\s+144\s+\d+ Dec 31 1999/);
  // Bit 0 of the file flags. ECMA-119 9.1.6.
  const plain = await said('isoinfo', '-l', '-i', image);
  expect(line(plain, ' READ_ME.TXT;1')).toMatch(/\[\s*\d+ 01\]/);
  expect(line(plain, ' EMPTY.DAT;1')).toMatch(/\[\s*\d+ 00\]/);
  expect(extentOf(plain, ' READ_ME.TXT;1')).toBeGreaterThan(extentOf(plain, ' INTRO.MPG;1'));
  const joliet = await said('isoinfo', '-J', '-f', '-i', image);
  expect(joliet).toContain('/Trip/films/intro.mpg');
  expect(joliet).not.toContain('read me.txt');
  const udf = await said('7zz', 'l', '-slt', '-tudf', image);
  expect(udf).not.toContain('intro.mpg');
  const entry = udf.split('\n\n').find((each) => each.includes('read me.txt'));
  expect(entry).toContain('Modified = 1999-12-31 23:59:58');
  expect(entry).toContain('Created = 1998-07-04 01:02:03');
  const listed = await said('xorriso', '-indev', image, '-lsdl', '/Trip/read me.txt', '/Trip/films', '--');
  expect(listed).toMatch(/-rwxr--r--\s+1\s+1000\s+100\s+\d+ Dec 31\s+1999 '\/Trip\/read me\.txt'/);
  expect(listed).toMatch(/drwxrwx--T\s.*'\/Trip\/films'/);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save project' }).click();
  const project = join(scratch, 'trip.discwright');
  await (await download).saveAs(project);
  const built = join(scratch, 'built.iso');
  await discwright('build', project, '-o', built);
  expect(await sha256(built), 'built on the command line').toBe(await sha256(image));

  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await page.getByTestId('project-file').setInputFiles(project);
  await disc.dropOn(page.getByTestId('reunion'), folder);
  await expect(page.getByTestId('reunion')).toHaveCount(0);
  await disc.plannedSize();
  await disc.save(built);
  expect(await sha256(built), 'of the project that was opened again').toBe(await sha256(image));
});

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`${scheme}, narrow`, () => {
    test.use({ viewport: { width: 320, height: 700 }, colorScheme: scheme });

    test('properties of several are told apart and fit', async ({ disc, page, scratch }) => {
      await disc.drop(await makeFolder(scratch, 'Trip'));
      await disc.plannedSize();
      await disc.open('Trip');
      await disc.row('empty.dat').click();
      await page.keyboard.press('Alt+Enter');
      await page.getByLabel('Octal').fill('600');
      await page.keyboard.press('Enter');
      await disc.row('read me.txt').click({ modifiers: ['ControlOrMeta'] });
      await page.keyboard.press('Alt+Enter');
      const dialog = page.getByRole('dialog', { name: 'Properties of 2 items' });
      await expect(dialog.getByLabel('Octal')).toHaveAttribute('placeholder', 'Different');
      await expect(dialog.getByLabel('Others: Read')).toHaveJSProperty('indeterminate', true);
      await expectAccessible(page, 'properties of several');
      const { content, room } = await dialog.evaluate(({ scrollWidth, clientWidth }) => ({
        content: scrollWidth,
        room: clientWidth,
      }));
      expect(content, 'width of the dialogue').toBeLessThanOrEqual(room);
      await page.screenshot({ path: join(OUTPUT, `properties-${scheme}-top.png`) });
      await dialog.getByLabel('Weight').focus();
      await page.screenshot({ path: join(OUTPUT, `properties-${scheme}-end.png`) });
      await dialog.getByLabel('Others: Read').press('Space');
      await expect(dialog.getByLabel('Octal')).toHaveValue('644');
    });
  });
}
