/** Files that the page itself makes. They lie in the browser's own file system, where a later visit finds them. */

export interface OwnFile {
  readonly file: File;
  /** `null` where the browser has no such place: then the file is there as long as the page. */
  readonly handle: FileSystemFileHandle | null;
  /** Deletes it, for as long as no project has it. */
  readonly forget: () => Promise<void>;
}

/** Keeps a text as a file of this name. */
export async function keepText(name: string, text: string): Promise<OwnFile> {
  // A folder of its own: files of one name are of many projects.
  const folder = crypto.randomUUID();
  const forget = () => removeFolder(folder);
  try {
    const root = await navigator.storage.getDirectory();
    const directory = await root.getDirectoryHandle(folder, { create: true });
    const handle = await directory.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    await writable.write(text);
    await writable.close();
    return { file: await handle.getFile(), handle, forget };
  } catch {
    await forget();
    return { file: new File([text], name, { type: 'text/plain' }), handle: null, forget };
  }
}

async function removeFolder(name: string): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(name, { recursive: true });
  } catch {
    // It was never made.
  }
}
