/** A file that the browser keeps itself, in place of one that is chosen in its dialogue, which no test answers. */
import type { Page } from '@playwright/test';

/** What is in the file before anything is saved. */
export const BEFORE = 'an older image';

/** Has the dialogue give the file. Each piece that is written takes so many milliseconds more. */
export async function chooseFile(page: Page, delay: number): Promise<void> {
  await page.evaluate((wait) => {
    const showSaveFilePicker = async () => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('disc.iso', { create: true });
      const createWritable = async () => {
        const file = await handle.createWritable();
        return {
          write: async (piece: Uint8Array<ArrayBuffer>) => {
            await new Promise((resolve) => setTimeout(resolve, wait));
            await file.write(piece);
          },
          close: () => file.close(),
          abort: () => file.abort(),
        };
      };
      return { createWritable };
    };
    Object.assign(globalThis, { showSaveFilePicker });
  }, delay);
}

/** The file: how long it is, and its first bytes. */
export function chosenFile(page: Page): Promise<{ size: number; start: string }> {
  return page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('disc.iso')).getFile();
    return { size: file.size, start: await file.slice(0, 32).text() };
  });
}

/** Makes the file, with something in it already. */
export async function makeChosenFile(page: Page): Promise<void> {
  await page.evaluate(async (text) => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle('disc.iso', { create: true })).createWritable();
    await file.write(text);
    await file.close();
  }, BEFORE);
}

/** SHA-256 of the file, in hexadecimal. */
export function chosenSha256(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle('disc.iso')).getFile();
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}
