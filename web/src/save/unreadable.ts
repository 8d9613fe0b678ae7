/** Finds out which of the user's files stands in the way when an image could not be read. */

/** Reads at the same time, so that many small files are looked at quickly. */
const AT_ONCE = 32;

/** Whether the file still is what it was when it was added: its first and last byte can be read. */
export async function isReadable(file: File): Promise<boolean> {
  try {
    const first = await file.slice(0, 1).arrayBuffer();
    const last = await file.slice(Math.max(0, file.size - 1)).arrayBuffer();
    return first.byteLength === last.byteLength;
  } catch {
    return false;
  }
}

/** The first file of the list that can no longer be read, or `null` when all can. */
export async function firstUnreadable<T>(
  items: readonly T[],
  fileOf: (item: T) => File,
  signal?: AbortSignal,
  onProgress?: (checked: number) => void,
): Promise<T | null> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    signal?.throwIfAborted();
    const batch = items.slice(start, start + AT_ONCE);
    const readable = await Promise.all(batch.map((item) => isReadable(fileOf(item))));
    const bad = readable.indexOf(false);
    if (bad >= 0) {
      return batch[bad] ?? null;
    }
    onProgress?.(start + batch.length);
  }
  return null;
}
