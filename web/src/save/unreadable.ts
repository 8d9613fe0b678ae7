/** Finds out which of the user's files stands in the way when an image could not be read. */
import { yieldToPage } from '../schedule/slicer.ts';

/** Files looked at in one read. One read of many files costs the browser far less than many reads. */
const AT_ONCE = 64;

/** Whether every file still is what it was when it was added. Reads the last byte of each. */
export async function areReadable(files: readonly File[]): Promise<boolean> {
  const probes = files.filter((file) => file.size > 0).map((file) => file.slice(file.size - 1));
  try {
    return (await new Blob(probes).arrayBuffer()).byteLength === probes.length;
  } catch {
    return false;
  }
}

async function areAllReadable<T>(items: readonly T[], open: (item: T) => Promise<File>): Promise<boolean> {
  try {
    return await areReadable(await Promise.all(items.map(open)));
  } catch {
    return false;
  }
}

async function firstIn<T>(items: readonly T[], open: (item: T) => Promise<File>): Promise<T | null> {
  for (const item of items) {
    if (!(await areAllReadable([item], open))) {
      return item;
    }
  }
  return null;
}

/** The first file of the list that can no longer be read, or `null` when all can. */
export async function firstUnreadable<T>(
  items: readonly T[],
  open: (item: T) => Promise<File>,
  signal?: AbortSignal,
  onProgress?: (checked: number) => void,
): Promise<T | null> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    signal?.throwIfAborted();
    const batch = items.slice(start, start + AT_ONCE);
    if (!(await areAllReadable(batch, open))) {
      const bad = await firstIn(batch, open);
      if (bad !== null) {
        return bad;
      }
    }
    onProgress?.(start + batch.length);
    await yieldToPage();
  }
  return null;
}
