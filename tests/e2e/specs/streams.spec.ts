/** Named streams: given to files and folders, on the disc as others see it, in the project and after a reload. */
import { execFile } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import { openImage } from '../../../wasm/lib/read-node.js';
import { expectAccessible } from '../accessibility.ts';
import { discwright } from '../agent.ts';
import type { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { makeFile, makeFolder, sha256 } from '../folder.ts';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const run = promisify(execFile);

/** Opens the properties of a row. */
async function properties(disc: DiscPage, name: string): Promise<Locator> {
  await disc.row(name).click();
  await disc.page.keyboard.press('Alt+Enter');
  const dialog = disc.page.getByRole('dialog', {
    name: `Properties of “${name}”`,
  });
  await expect(dialog).toBeVisible();
  return dialog;
}

function streamsIn(dialog: Locator): Locator {
  return dialog.getByRole('group', { name: 'Named streams' });
}

/** Names in the fields of the streams. */
async function names(dialog: Locator): Promise<string[]> {
  const fields = await streamsIn(dialog).getByRole('textbox').all();
  return Promise.all(fields.map((field) => field.inputValue()));
}

async function apply(page: Page, dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toHaveCount(0);
}

/**
 * Lengths of the stream directories that an image refers to, as udfdump of NetBSD's udfclient finds them. It names no
 * streams: for these and their bytes there is the reader of the project alone.
 */
async function streamDirectories(image: string): Promise<number[]> {
  const { stdout, stderr } = await run('udfdump', ['-t', '-u', '7', '-b', '2048', image]);
  const found = `${stdout}${stderr}`.matchAll(/Streamdir ICB at .* for (\d+) bytes/g);
  return [...found].map(([, bytes]) => Number(bytes)).filter((bytes) => bytes > 0);
}

/** Named streams of an entry with their bytes. */
async function streamsOf(image: string, path: string): Promise<Map<string, Buffer>> {
  const opened = await openImage(image);
  const found = new Map<string, Buffer>();
  for (const { name } of await opened.streams(path, { fileSystem: 'udf' })) {
    const file = await opened.extract(path, {
      fileSystem: 'udf',
      stream: name,
    });
    found.set(name, Buffer.from(await file.bytes()));
  }
  opened.free();
  return found;
}

/** A disc with a folder in it, and two files beside that folder which are to be streams. */
async function prepared(
  disc: DiscPage,
  scratch: string,
): Promise<Record<'folder' | 'author' | 'map', string>> {
  const folder = await makeFolder(scratch, 'Trip');
  const [author, map] = [join(scratch, 'author.txt'), join(scratch, 'map.bin')];
  await writeFile(author, 'Ada');
  await makeFile(map, 1);
  await disc.drop(folder);
  await disc.plannedSize();
  await disc.open('Trip');
  return { folder, author, map };
}

test('streams are given in one step, which the page says what to do for', async ({ disc, page, scratch }) => {
  const { author, map } = await prepared(disc, scratch);
  let dialog = await properties(disc, 'read me.txt');
  await expect(dialog.getByTestId('streams-obstacle')).toContainText('The image has UDF 1.02');
  await page.getByTestId('stream-files').setInputFiles(author);
  await disc.dropOn(streamsIn(dialog), map);
  await expect(dialog.getByRole('textbox', { name: 'Name of stream 2' })).toHaveValue('map.bin');
  await dialog.getByRole('textbox', { name: 'Name of stream 2' }).fill('author.txt');
  await expect(dialog.getByText('Another stream has this name.')).toHaveCount(2);
  await expectAccessible(page, 'two streams of one name');
  await page.keyboard.press('Enter');
  await expect(dialog, 'stays open').toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name of stream 2' }).fill('Karte ☀');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);

  const refused = page.getByRole('alert').filter({ hasText: 'has named streams' });
  await expect(refused).toContainText('“Trip/read me.txt” has named streams, which UDF 1.02 does not have.');
  await expect(refused).toContainText('Choose UDF 2.01 under “Revision of UDF”.');
  await expectAccessible(page, 'streams that the image has no room for');
  await page.getByText('Revision of UDF: 1.02').click();
  await page.getByLabel('Revision of UDF').selectOption('2.01');
  const withStreams = await disc.plannedSize();
  await expect(refused).toHaveCount(0);

  await page.getByRole('button', { name: 'Undo: changing properties' }).click();
  const without = await disc.plannedSize();
  expect(withStreams - without, 'bytes that the streams take').toBeGreaterThanOrEqual(1024 * 1024);
  dialog = await properties(disc, 'read me.txt');
  expect(await names(dialog), 'undone').toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Redo: changing properties' }).click();
  expect(await disc.plannedSize()).toBe(withStreams);
  dialog = await properties(disc, 'read me.txt');
  await expect(dialog.getByTestId('streams-obstacle')).toHaveCount(0);
  expect(await names(dialog), 'done again').toEqual(['author.txt', 'Karte ☀']);
});

test('streams are on the disc, in the project and there after a reload', async ({ disc, page, scratch }) => {
  const { folder, author, map } = await prepared(disc, scratch);
  await page.getByLabel('Disc size').selectOption('bd');
  let dialog = await properties(disc, 'read me.txt');
  await page.getByTestId('stream-files').setInputFiles(author);
  await disc.dropOn(streamsIn(dialog), map);
  await dialog.getByRole('textbox', { name: 'Name of stream 2' }).fill('Karte ☀');
  await dialog.getByRole('textbox', { name: 'Name of stream 1' }).fill('by');
  await apply(page, dialog);
  dialog = await properties(disc, 'films');
  await disc.dropOn(streamsIn(dialog), author, map, folder);
  await expect(streamsIn(dialog).getByRole('status')).toHaveText(
    'Added 2 streams. A folder cannot be a stream: only files were added.',
  );
  await dialog.getByRole('button', { name: 'Remove “map.bin”' }).click();
  expect(await names(dialog)).toEqual(['author.txt']);
  await apply(page, dialog);
  // Streams go where their entry goes.
  await disc.row('films').click();
  await page.keyboard.press('F2');
  await page.getByLabel('New name for films').fill('reels');
  await page.keyboard.press('Enter');
  const planned = await disc.plannedSize();

  const image = join(scratch, 'saved.iso');
  await disc.save(image);
  expect(await streamDirectories(image), 'stream directories that udfdump finds').toHaveLength(2);
  const ofFile = await streamsOf(image, 'Trip/read me.txt');
  expect([...ofFile.keys()]).toEqual(['by', 'Karte ☀']);
  expect(ofFile.get('by')?.toString()).toBe('Ada');
  expect(ofFile.get('Karte ☀')?.equals(await readFile(map)), 'bytes of the map').toBe(true);
  const ofFolder = await streamsOf(image, 'Trip/reels');
  expect([...ofFolder].map(([name, bytes]) => [name, bytes.toString()])).toEqual([['author.txt', 'Ada']]);
  expect(await streamsOf(image, 'Trip/empty.dat')).toEqual(new Map());

  const project = join(scratch, 'trip.discwright');
  await disc.saveProject(project);
  const built = join(scratch, 'built.iso');
  await discwright('build', project, '-o', built);
  expect(await sha256(built), 'built on the command line').toBe(await sha256(image));

  await disc.kept();
  await page.reload();
  await disc.connected();
  // A file that was chosen in the browser's dialogue is shown to it again; what was dropped it finds itself.
  const card = page.getByTestId('reunion');
  await expect(card.getByRole('listitem')).toHaveText(
    /^Trip\/read me\.txt:by\s+from “author\.txt”,\s+not found$/,
  );
  await expectAccessible(page, 'a stream to be found');
  await page.screenshot({ path: join(OUTPUT, 'streams-absent.png') });
  await disc.dropOn(card, author);
  await expect(card).toHaveCount(0);
  expect(await disc.plannedSize()).toBe(planned);
  await disc.save(built);
  expect(await sha256(built), 'after the reload').toBe(await sha256(image));
  await disc.open('Trip');
  dialog = await properties(disc, 'read me.txt');
  expect(await names(dialog)).toEqual(['by', 'Karte ☀']);
  await page.keyboard.press('Escape');
});

test('a project file brings its streams along', async ({ disc, page, scratch }) => {
  const { folder, map } = await prepared(disc, scratch);
  await page.getByLabel('Disc size').selectOption('bd');
  const dialog = await properties(disc, 'Trip');
  await disc.dropOn(streamsIn(dialog), map);
  await expect(streamsIn(dialog).getByRole('textbox')).toHaveValue('map.bin');
  await apply(page, dialog);
  await disc.plannedSize();
  const [image, again] = [join(scratch, 'saved.iso'), join(scratch, 'again.iso')];
  await disc.save(image);
  const project = join(scratch, 'trip.discwright');
  await disc.saveProject(project);
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await page.getByTestId('project-file').setInputFiles(project);
  await expect(page.getByTestId('reunion')).toContainText('Drop “map.bin” and “Trip” here');
  await disc.dropOn(page.getByTestId('reunion'), folder, map);
  await expect(page.getByTestId('reunion')).toHaveCount(0);
  await disc.plannedSize();
  await disc.save(again);
  expect(await sha256(again), 'of the project that was opened again').toBe(await sha256(image));
});

test('streams that cannot be written are named, and can be added anew', async ({ disc, page, scratch }) => {
  const folder = await makeFolder(scratch, 'Trip');
  const note = join(scratch, 'note.txt');
  await writeFile(note, 'first');
  await disc.drop(folder);
  await page.getByLabel('Disc size').selectOption('bd');
  await disc.plannedSize();
  await disc.open('Trip');
  let dialog = await properties(disc, 'read me.txt');
  await disc.dropOn(streamsIn(dialog), note);
  await expect(streamsIn(dialog).getByRole('textbox')).toHaveValue('note.txt');
  await apply(page, dialog);
  await disc.plannedSize();

  await page.getByRole('checkbox', { name: /^UDF/ }).uncheck();
  const refused = page.getByRole('alert').filter({ hasText: 'named streams' });
  await expect(refused).toContainText(
    '“Trip/read me.txt” has named streams, which only UDF has, and UDF is off. Turn on UDF under “File systems”.',
  );
  await disc.saveProject(join(scratch, 'off.discwright'));
  await expect(
    discwright('build', join(scratch, 'off.discwright'), '-o', join(scratch, 'off.iso')),
  ).rejects.toThrow(/Trip\/read me\.txt has named streams, which only UDF has/);
  await page.getByRole('checkbox', { name: /^UDF/ }).check();
  await disc.plannedSize();
  await expect(refused).toHaveCount(0);

  await appendFile(note, ' and second');
  await page.getByRole('button', { name: 'Save image' }).click();
  await expect(
    page.getByRole('alert').filter({
      hasText: '“Trip/read me.txt:note.txt” has changed, moved or become unreadable',
    }),
  ).toBeVisible();

  dialog = await properties(disc, 'read me.txt');
  await disc.dropOn(streamsIn(dialog), note);
  await expect(streamsIn(dialog).getByRole('status')).toHaveText('1 stream of the same name replaced.');
  expect(await names(dialog)).toEqual(['note.txt']);
  await apply(page, dialog);
  await disc.plannedSize();
  const image = join(scratch, 'saved.iso');
  await disc.save(image);
  expect((await streamsOf(image, 'Trip/read me.txt')).get('note.txt')?.toString()).toBe('first and second');

  await disc.row('empty.dat').click({ modifiers: ['ControlOrMeta'] });
  await page.keyboard.press('Alt+Enter');
  const ofBoth = page.getByRole('dialog', { name: 'Properties of 2 items' });
  await expect(ofBoth).toBeVisible();
  await expect(ofBoth.getByText('Named streams')).toHaveCount(0);
});

for (const scheme of ['light', 'dark'] as const) {
  for (const [width, place] of [
    [360, 'phone'],
    [1280, 'desk'],
  ] as const) {
    test.describe(`${scheme}, ${place}`, () => {
      test.use({ viewport: { width, height: 800 }, colorScheme: scheme });

      test('the streams of an entry fit and can be told by everybody', async ({ disc, page, scratch }) => {
        const long = join(scratch, `${'a very long name of a stream '.repeat(4)}.txt`);
        const note = join(scratch, 'note.txt');
        await writeFile(long, 'long');
        await writeFile(note, 'note');
        await disc.drop(await makeFolder(scratch, 'Trip'));
        await disc.plannedSize();
        await disc.open('Trip');
        const dialog = await properties(disc, 'read me.txt');
        await streamsIn(dialog).scrollIntoViewIfNeeded();
        await page.screenshot({
          path: join(OUTPUT, `streams-${scheme}-${place}-none.png`),
        });
        await disc.dropOn(streamsIn(dialog), long, note);
        await dialog.getByRole('textbox', { name: 'Name of stream 2' }).fill('a/b');
        await expect(streamsIn(dialog)).toContainText('A name cannot contain “/”.');
        await expectAccessible(page, 'streams of an entry');
        await dialog.getByRole('button', { name: 'Add files as streams' }).scrollIntoViewIfNeeded();
        await page.screenshot({
          path: join(OUTPUT, `streams-${scheme}-${place}.png`),
        });
        const { content, room } = await dialog.evaluate(({ scrollWidth, clientWidth }) => ({
          content: scrollWidth,
          room: clientWidth,
        }));
        expect(content, 'width of the dialogue').toBeLessThanOrEqual(room);
      });
    });
  }
}
