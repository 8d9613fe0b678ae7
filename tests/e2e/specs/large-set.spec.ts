import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { megabytesDuring, megabytesOf, processOf } from '../memory.ts';
import { saveToNowhere } from '../nowhere.ts';

const long = process.env['DISCWRIGHT_LONG'] !== undefined;
/** Sparse files, which take no room: 100 GB of them, or enough that a page which held them would be seen to. */
const FILES = long ? 25 : 5;
const FILE_BYTES = long ? 4_000_000_000 : 400_000_000;
/** More than the pieces that are on their way from the files to the image. */
const MOST_GROWTH_MB = 200;

async function makeSparseFiles(folder: string): Promise<void> {
  await mkdir(folder);
  for (let number = 0; number < FILES; number += 1) {
    const file = await open(join(folder, `film ${number}.bin`), 'w');
    await file.truncate(FILE_BYTES);
    await file.close();
  }
}

test(`${(FILES * FILE_BYTES) / 1e9} GB are planned and saved with memory that stays flat`, async ({
  disc,
  page,
  scratch,
}) => {
  test.setTimeout(long ? 1_800_000 : 120_000);
  await makeSparseFiles(join(scratch, 'films'));
  const tab = await processOf(page);
  const before = await megabytesOf(tab);
  const dropped = Date.now();
  await disc.drop(join(scratch, 'films'));
  const size = await disc.plannedSize();
  const planned = Date.now();

  const takeSaved = await saveToNowhere(page);
  await page.getByRole('button', { name: 'Save image' }).click();
  const saving = expect(page.getByRole('status').getByText('nowhere.iso')).toBeVisible({
    timeout: long ? 1_700_000 : 90_000,
  });
  const seen = await megabytesDuring(tab, saving);
  const seconds = (Date.now() - planned) / 1000;

  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  const text =
    `planned ${size} bytes in ${planned - dropped} ms, saved them in ${Math.round(seconds)} s ` +
    `(${Math.round(size / seconds / 1e6)} MB/s); the tab took ${Math.round(before)} MB before, ` +
    `${Math.round(least)} to ${Math.round(most)} MB meanwhile (looked at ${seen.length} times)`;
  test.info().annotations.push({ type: 'measured', description: text });
  console.log(text);
  expect(await takeSaved()).toEqual({ bytes: size, identifier: 'CD001', isClosed: true });
  expect(size).toBeGreaterThan(FILES * FILE_BYTES);
  expect(most - before, 'megabytes the tab grew by').toBeLessThan(MOST_GROWTH_MB);
});

/** The browser is to clear away, between two reads, nothing that is still read. */
test('many small files are saved again and again', async ({ disc, page, scratch }) => {
  test.setTimeout(240_000);
  for (let folder = 0; folder < 20; folder += 1) {
    const path = join(scratch, 'notes', `folder ${folder}`);
    await mkdir(path, { recursive: true });
    await Promise.all(Array.from({ length: 100 }, (_, n) => writeFile(join(path, `note ${n}`), `${n}`)));
  }
  await disc.drop(join(scratch, 'notes'));
  const size = await disc.plannedSize();
  const save = page.getByRole('button', { name: 'Save image' });
  for (let time = 0; time < 8; time += 1) {
    const takeSaved = await saveToNowhere(page);
    await save.click();
    await expect(save).toBeEnabled({ timeout: 60_000 });
    expect(await takeSaved()).toEqual({ bytes: size, identifier: 'CD001', isClosed: true });
  }
});
