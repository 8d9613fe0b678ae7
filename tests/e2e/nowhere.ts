/** Saving an image of any size, without a disk that holds it. */
import type { Page } from '@playwright/test';

/** What came out of a save. */
export interface Saved {
  bytes: number;
  /** The standard identifier of the first volume descriptor. */
  identifier: string;
  isClosed: boolean;
}

/** Answers the save dialogue, which no test can, with a file that is as large as one likes: it keeps nothing. */
export async function saveToNowhere(page: Page): Promise<() => Promise<Saved>> {
  await page.evaluate(() => {
    const saved = { bytes: 0, identifier: '', isClosed: false };
    const descriptor = 16 * 2048;
    const write = (piece: Uint8Array) => {
      const at = descriptor + 1 - saved.bytes;
      if (at >= 0 && at + 5 <= piece.length) {
        saved.identifier = new TextDecoder().decode(piece.subarray(at, at + 5));
      }
      saved.bytes += piece.length;
      return Promise.resolve();
    };
    const close = () => {
      saved.isClosed = true;
      return Promise.resolve();
    };
    const createWritable = () => Promise.resolve({ write, close, abort: () => Promise.resolve() });
    const showSaveFilePicker = () => Promise.resolve({ name: 'nowhere.iso', createWritable });
    Object.assign(globalThis, { showSaveFilePicker, saved });
  });
  return () => page.evaluate(() => (globalThis as unknown as { saved: Saved }).saved);
}
