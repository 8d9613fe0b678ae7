/** Folders and files that the browser's user may not read. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from '../accessibility.ts';
import { expect, test } from '../fixtures.ts';
import { makeFolder } from '../folder.ts';

const executablePath = fileURLToPath(new URL('../chromium-of-a-user.sh', import.meta.url));

test.use({ launchOptions: { executablePath, args: ['--no-sandbox'] } });

test('a folder is named that cannot be read, and the rest is on the list', async ({
  disc,
  page,
  scratch,
}) => {
  const folder = await makeFolder(scratch, 'Trip');
  await chmod(join(folder, 'films'), 0);
  await disc.drop(folder);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('1 item could not be read');
  await expect(alert).toContainText('Trip/films');
  await expectAccessible(page, 'a folder that cannot be read');
  await page.screenshot({ path: 'output/unreadable-folder.png' });
  await disc.plannedSize();
  await expect(page.getByTestId('summary')).toContainText('5 files, 14 folders');
  await disc.open('Trip');
  await expect(disc.row('read me.txt')).toBeVisible();
  // Added again, all of it goes where it was to be.
  await chmod(join(folder, 'films'), 0o755);
  await disc.dropOn(page.getByRole('heading', { level: 1 }), folder);
  await expect(page.getByTestId('summary')).toContainText('7 files');
});

test('a file is named that cannot be read, and nothing is saved', async ({ disc, page, scratch }) => {
  const folder = await makeFolder(scratch, 'Trip');
  const file = join(folder, 'films', 'intro.mpg');
  await chmod(file, 0);
  await disc.drop(folder);
  await disc.plannedSize();
  const downloads: string[] = [];
  page.on('download', (download) => downloads.push(download.suggestedFilename()));
  await page.getByRole('button', { name: 'Save image' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('“Trip/films/intro.mpg” has changed, moved or become unreadable');
  await page.screenshot({ path: 'output/unreadable-file.png' });
  expect(downloads).toEqual([]);
  await chmod(file, 0o644);
  await disc.save(join(scratch, 'trip.iso'));
});
