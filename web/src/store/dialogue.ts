/** The browser's dialogues that give handles, with which a project finds its files again. */

/** The same folder is shown first when it is asked again. */
const CONTENT = { id: 'content' };

/** Asks for files: none when the user closed the dialogue, `null` where the browser has no such dialogue. */
export function chooseFiles(multiple: boolean): Promise<readonly FileSystemFileHandle[] | null> {
  return 'showOpenFilePicker' in globalThis
    ? chosen(() => showOpenFilePicker({ ...CONTENT, multiple }))
    : Promise.resolve(null);
}

/** The same for a folder. Browsers refuse some here, such as the whole of a home folder, that may be dropped. */
export function chooseFolder(): Promise<readonly FileSystemDirectoryHandle[] | null> {
  return 'showDirectoryPicker' in globalThis
    ? chosen(async () => [await showDirectoryPicker(CONTENT)])
    : Promise.resolve(null);
}

async function chosen<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[] | null> {
  try {
    return await ask();
  } catch (error) {
    // Some policies and embedders offer the dialogue and then refuse it; a plain one still works.
    return error instanceof DOMException && error.name === 'AbortError' ? [] : null;
  }
}
