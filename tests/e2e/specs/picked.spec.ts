/**
 * What is chosen in dialogues that give handles. No test answers those of the browser; in their place, files and folders
 * that the browser keeps itself, with the same handles.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.ts';

const run = promisify(execFile);

/** Makes the folder "Papers", one below it that is empty, and files, and has the dialogues give them. */
async function giveHandles(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const papers = await root.getDirectoryHandle('Papers', { create: true });
    await papers.getDirectoryHandle('nothing yet', { create: true });
    const letters = await papers.getDirectoryHandle('letters', { create: true });
    const write = async (folder: FileSystemDirectoryHandle, name: string, text: string) => {
      const handle = await folder.getFileHandle(name, { create: true });
      const file = await handle.createWritable();
      await file.write(text);
      await file.close();
      return handle;
    };
    await write(papers, 'will.txt', 'To whom it may concern');
    for (let n = 0; n < 250; n += 1) {
      await write(letters, `letter ${n}.txt`, `Dear ${n}`);
    }
    const files = [await write(root, 'one.txt', 'first'), await write(root, 'two.txt', 'second')];
    Object.assign(globalThis, {
      showDirectoryPicker: () => Promise.resolve(papers),
      showOpenFilePicker: () => Promise.resolve(files),
    });
  });
}

async function failWith(page: Page, name: string): Promise<void> {
  await page.evaluate((kind) => {
    Object.assign(globalThis, {
      showDirectoryPicker: () => Promise.reject(new DOMException('no', kind)),
    });
  }, name);
}

test('folders and files that are chosen are there after a reload, empty folders too', async ({
  disc,
  page,
  scratch,
}) => {
  await giveHandles(page);
  await page.getByRole('button', { name: 'Add folder' }).click();
  await disc.open('Papers');
  await expect(disc.row('nothing yet')).toBeVisible();
  await expect(disc.row('will.txt')).toBeVisible();
  await page.getByRole('button', { name: 'Add files' }).click();
  await expect(page.getByTestId('summary')).toContainText('253 files');
  const size = await disc.plannedSize();
  await disc.kept();

  await page.reload();
  await disc.connected();
  expect(await disc.plannedSize()).toBe(size);
  await expect(page.getByTestId('reunion')).toHaveCount(0);
  const image = join(scratch, 'papers.iso');
  await disc.save(image);
  const out = join(scratch, 'out');
  await run('xorriso', ['-osirrox', 'on', '-indev', image, '-extract', '/', out]);
  expect(await readFile(join(out, 'Papers', 'letters', 'letter 249.txt'), 'utf8')).toBe('Dear 249');
  expect(await readdir(join(out, 'Papers', 'nothing yet'))).toEqual([]);
  // The folder was marked, so that the files went there.
  expect((await readdir(join(out, 'Papers'))).sort()).toEqual([
    'letters',
    'nothing yet',
    'one.txt',
    'two.txt',
    'will.txt',
  ]);
});

test('a dialogue that is closed leaves a word, and one that is refused gives way to a plain one', async ({
  disc,
  page,
}) => {
  await expect(disc.tree).toHaveCount(0);
  await failWith(page, 'AbortError');
  await page.getByRole('button', { name: 'Add folder' }).click();
  await expect(page.getByText('No folder was added.')).toBeVisible();
  await failWith(page, 'SecurityError');
  const plain = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add folder' }).click();
  await plain;
});
