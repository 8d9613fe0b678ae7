/** Projects: kept in the browser, found again, and carried away as files. */
import { appendFile, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from '../accessibility.ts';
import { discwright } from '../agent.ts';
import { expect, test } from '../fixtures.ts';
import { EMOJI_NAME, makeFolder, sha256 } from '../folder.ts';

/** A browser without handles of files, as Firefox is. */
function withoutHandles(): void {
  delete (DataTransferItem.prototype as { getAsFileSystemHandle?: unknown }).getAsFileSystemHandle;
}

test('files dropped on the start screen become a disc at once', async ({ start, page, scratch }) => {
  await expectAccessible(page, 'start');
  await start.dropOn(page.locator('#contents'), await makeFolder(scratch, 'Holiday 2021'));
  await start.plannedSize();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Holiday 2021');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('a project is there after a reload, and going back and forward works', async ({
  disc,
  page,
  scratch,
}) => {
  await disc.drop(await makeFolder(scratch, 'Holiday 2021'));
  const size = await disc.plannedSize();
  await disc.open('Holiday 2021');
  await disc.row('empty.dat').click();
  await page.keyboard.press('Delete');
  await expect(disc.row('empty.dat')).toHaveCount(0);
  await page.getByLabel('Volume name').fill('SUMMER');
  await disc.kept();

  await page.reload();
  await disc.connected();
  await expect(page.getByLabel('Volume name')).toHaveValue('SUMMER');
  await disc.open('Holiday 2021');
  await expect(disc.row(EMOJI_NAME)).toBeVisible();
  await expect(disc.row('empty.dat')).toHaveCount(0);
  expect(await disc.plannedSize()).toBe(size);
  // The browser gives the files again without being asked as long as the page was not closed.
  await expect(page.getByTestId('reunion')).toHaveCount(0);
  await disc.save(join(scratch, 'saved.iso'));

  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'What would you like to do?' })).toBeFocused();
  await expect(page.getByTestId('recent')).toContainText('SUMMER');
  await expectAccessible(page, 'start with a project');
  await page.goBack();
  await expect(disc.row('Holiday 2021')).toBeVisible();
  await page.goForward();
  await page
    .getByTestId('recent')
    .getByRole('link', { name: /SUMMER/ })
    .click();
  await expect(disc.row('Holiday 2021')).toBeVisible();
});

test('where the browser forgets files, showing the folder again brings them back', async ({
  disc,
  page,
  scratch,
}) => {
  await page.addInitScript(withoutHandles);
  await page.reload();
  await disc.connected();
  const folder = await makeFolder(scratch, 'Holiday 2021');
  await disc.drop(folder);
  await disc.plannedSize();
  const saved = join(scratch, 'before.iso');
  await disc.save(saved);
  await disc.kept();
  await page.reload();
  await disc.connected();

  const card = page.getByTestId('reunion');
  await expect(card).toContainText('Drop “Holiday 2021” here once more');
  await expectAccessible(page, 'files are needed again');
  await expect(page.getByRole('button', { name: 'Burn disc' })).toHaveAccessibleDescription(
    /found again first/,
  );

  await appendFile(join(folder, 'films/intro.mpg'), 'more');
  await rm(join(folder, 'read me.txt'));
  await disc.dropOn(card, folder);
  await expect(card).toContainText('2 files are not as they were');
  await expect(card).toContainText('Holiday 2021/films/intro.mpg');
  await expect(card).toContainText('Holiday 2021/read me.txt');
  await expectAccessible(page, 'some files are lost');
  await card.getByRole('button', { name: 'Use 1 changed file as it is' }).click();
  await card.getByRole('button', { name: 'Leave 1 file out' }).click();
  await expect(card).toHaveCount(0);
  await disc.plannedSize();
  await disc.save(join(scratch, 'after.iso'));
  expect((await readFile(join(scratch, 'after.iso'))).includes(Buffer.from('read me.txt'))).toBe(false);
});

test('a project that is complete again makes the same image', async ({ disc, page, scratch }) => {
  await page.addInitScript(withoutHandles);
  await page.reload();
  await disc.connected();
  const folder = await makeFolder(scratch, 'same');
  await disc.drop(folder);
  await disc.plannedSize();
  await disc.save(join(scratch, 'before.iso'));
  await disc.kept();
  await page.reload();
  await disc.connected();
  await disc.dropOn(page.getByTestId('reunion'), folder);
  await expect(page.getByTestId('reunion')).toHaveCount(0);
  await disc.plannedSize();
  await disc.save(join(scratch, 'after.iso'));
  expect(await sha256(join(scratch, 'after.iso'))).toBe(await sha256(join(scratch, 'before.iso')));
});

test('projects are renamed, duplicated and deleted', async ({ disc, page, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'one'));
  await disc.plannedSize();
  await disc.kept();
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  const recent = page.getByTestId('recent');
  await recent.getByRole('button', { name: 'Rename one' }).click();
  await page.getByLabel('New name for one').fill('first');
  await page.keyboard.press('Enter');
  await expect(recent.getByRole('link', { name: /first/ })).toBeVisible();
  await recent.getByRole('button', { name: 'Duplicate first' }).click();
  await expect(recent.getByRole('link')).toHaveCount(2);
  await recent.getByRole('button', { name: 'Delete first', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(recent.getByRole('link')).toHaveCount(1);
  await recent.getByRole('link', { name: /first \(copy\)/ }).click();
  await expect(disc.row('one')).toBeVisible();
});

test('a project file is built by the command line to the bytes the page saves', async ({
  disc,
  page,
  scratch,
}) => {
  const folder = await makeFolder(scratch, 'Holiday 2021');
  await disc.drop(folder);
  await disc.plannedSize();
  await disc.open('Holiday 2021');
  await disc.row('read me.txt').click();
  await page.keyboard.press('F2');
  await page.getByLabel('New name for read me.txt').fill('start here.txt');
  await page.keyboard.press('Enter');
  await page.getByLabel('Disc size').selectOption('dvd');
  await page.getByText('Revision of UDF: 1.02').click();
  await page.getByLabel('Revision of UDF').selectOption('2.01');
  await disc.plannedSize();
  const saved = join(scratch, 'saved.iso');
  await disc.save(saved);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save project' }).click();
  const project = join(scratch, 'holiday.discwright');
  await (await download).saveAs(project);

  const built = join(scratch, 'built.iso');
  await discwright('build', project, '-o', built);
  expect(await sha256(built), 'beside the folder').toBe(await sha256(saved));
  await rename(project, join(scratch, 'Holiday 2021', 'moved.discwright'));
  await discwright(
    'build',
    join(scratch, 'Holiday 2021', 'moved.discwright'),
    '--root',
    scratch,
    '-o',
    built,
  );
  expect(await sha256(built), 'with a root').toBe(await sha256(saved));

  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await page.getByTestId('project-file').setInputFiles(join(scratch, 'Holiday 2021', 'moved.discwright'));
  await expect(page.getByTestId('reunion')).toContainText('Drop “Holiday 2021” here once more');
  await disc.dropOn(page.getByTestId('reunion'), folder);
  await expect(page.getByTestId('reunion')).toHaveCount(0);
  await expect(page.getByText('Revision of UDF: 2.01')).toBeVisible();
  await disc.plannedSize();
  await disc.save(built);
  expect(await sha256(built), 'of the project that was opened again').toBe(await sha256(saved));

  await disc.kept();
  await page.reload();
  await disc.connected();
  await disc.plannedSize();
  await expect(page.getByTestId('reunion'), 'what was shown is known').toHaveCount(0);

  await appendFile(join(folder, 'films/intro.mpg'), 'more');
  const args = ['build', join(scratch, 'Holiday 2021', 'moved.discwright'), '--root', scratch, '-o', built];
  await expect(discwright(...args)).rejects.toThrow(/intro\.mpg has \d+ bytes, and \d+ when/);
});

test('a project file that is damaged or newer is refused in words', async ({ start, page, scratch }) => {
  const choose = async (text: string) => {
    const buffer = Buffer.from(text);
    await page.getByTestId('project-file').setInputFiles({ name: 'p.discwright', mimeType: '', buffer });
  };
  await choose('{"format":"discwright-project","version":1,"ki');
  await expect(page.getByRole('alert')).toContainText('This file is cut short or damaged.');
  await choose('{"format":"discwright-project","version":7}');
  await expect(page.getByRole('alert')).toContainText(
    'saved by a newer discwright (version 7 of the format)',
  );
  await choose('{"format":"discwright-project","version":1,"medium":"floppy","options":{"isoLevel":3}}');
  await expect(page.getByRole('alert')).toContainText('damaged at “medium”');
  expect(scratch).not.toBe('');
  await expect(start.page.getByRole('heading', { level: 1 })).toHaveText('What would you like to do?');
});

test('a browser without room says so, and the work goes on', async ({ disc, page, scratch }) => {
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
  await disc.drop(await makeFolder(scratch, 'large'));
  await expect(page.getByText('The browser has no more room for this project.')).toBeVisible();
  await expect(page.getByTestId('kept')).toHaveText('Not saved');
  await disc.plannedSize();
  await disc.save(join(scratch, 'saved.iso'));
});

test('a damaged store is said to be so, and keeps nothing from working', async ({ disc, page, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'partly'));
  await disc.plannedSize();
  await disc.kept();
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('discwright');
        opening.onsuccess = () => {
          const store = opening.result.transaction('pieces', 'readwrite').objectStore('pieces');
          store.getAllKeys().onsuccess = (event) => {
            const keys = (event.target as IDBRequest<IDBValidKey[]>).result;
            store.put({ names: 7 }, keys.at(-1));
            store.transaction.oncomplete = () => {
              opening.result.close();
              resolve();
            };
          };
        };
      }),
  );
  await page.reload();
  await disc.connected();
  await expect(page.getByRole('alert')).toContainText('Part of “partly” could not be read');
  await expect(disc.row('partly')).toBeVisible();
});

test('the same project is not open in two windows', async ({ disc, page, scratch }) => {
  await disc.drop(await makeFolder(scratch, 'once'));
  await disc.plannedSize();
  await disc.kept();
  const second = await page.context().newPage();
  await second.goto(page.url());
  await expect(second.getByRole('heading', { level: 1 })).toHaveText(
    'This project is open in another window',
  );
  await page.close();
  await second.getByRole('button', { name: 'Try again' }).click();
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('once');
});
