/**
 * Handles of what was dropped, where the browser has them: with them a project finds its files again. They are taken
 * when the drop happens, before anybody else looks at it, because the browser empties the transfer afterwards.
 */

/** Handles by the name of what was dropped. */
export type Handles = ReadonlyMap<string, FileSystemHandle>;

const NONE: Promise<Handles> = Promise.resolve(new Map());

async function named(pending: Promise<FileSystemHandle | null>[]): Promise<Handles> {
  const handles = await Promise.allSettled(pending);
  // What a program put into the drop has none, whatever the types say.
  const found = handles.flatMap((each) =>
    each.status === 'fulfilled' && each.value instanceof FileSystemHandle ? [each.value] : [],
  );
  return new Map(found.map((handle) => [handle.name, handle]));
}

let last: Promise<Handles> = NONE;

/** To be called while a drop is being handled, first of all. */
export function noteDrop(transfer: DataTransfer): void {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const able = items.filter((item) => 'getAsFileSystemHandle' in item);
  last = able.length === 0 ? NONE : named(able.map((item) => item.getAsFileSystemHandle()));
}

/** Handles of the drop that was just made, once. */
export function takeHandles(): Promise<Handles> {
  const handles = last;
  last = NONE;
  return handles;
}
