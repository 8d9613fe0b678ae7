/** Files that the page itself makes. They lie in the browser's own file system, where a later visit finds them. */

export interface OwnFile {
  readonly file: File;
  /** `null` where the browser has no such place: then the file is there as long as the page. */
  readonly handle: FileSystemFileHandle | null;
}

/** Keeps a text as a file of this name. */
export async function keepText(name: string, text: string): Promise<OwnFile> {
  try {
    const root = await navigator.storage.getDirectory();
    // A folder of its own: files of one name are of many projects.
    const folder = await root.getDirectoryHandle(crypto.randomUUID(), { create: true });
    const handle = await folder.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    await writable.write(text);
    await writable.close();
    return { file: await handle.getFile(), handle };
  } catch {
    return { file: new File([text], name, { type: 'text/plain' }), handle: null };
  }
}
