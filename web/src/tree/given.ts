/** Files and folders that the user gives the page: entries of a drop, handles and files of a dialogue. */

import { answerOf } from './answers.ts';

export type DiskFile = FileSystemFileEntry | FileSystemFileHandle;
export type DiskFolder = FileSystemDirectoryEntry | FileSystemDirectoryHandle;
export type DiskEntry = FileSystemEntry | FileSystemHandle;

/** As many entries of a folder come at once. */
const BATCH = 100;

/** What a drop or a dialogue gives. */
export interface Given {
  entries: DiskEntry[];
  /** Files with no entry behind them: those of plain dialogues, and what programs (not file managers) drop. */
  files: File[];
}

/** Names of what is given, at the top. */
export function namesOf({ entries, files }: Given): Set<string> {
  const top = (file: File) => (file.webkitRelativePath || file.name).split('/')[0] ?? '';
  return new Set([...entries.map(({ name }) => name), ...files.map(top)]);
}

/** Reads a drop. To be called inside the event handler: the browser empties the transfer afterwards. */
export function takeDrop(transfer: DataTransfer): Given {
  const dropped: Given = { entries: [], files: [] };
  for (const item of transfer.items) {
    if (item.kind !== 'file') {
      continue;
    }
    const entry = item.webkitGetAsEntry();
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) {
      dropped.entries.push(entry);
    } else if (file !== null) {
      dropped.files.push(file);
    }
  }
  return dropped;
}

/** The files at the top, opened. Those the browser may not read are left out. */
export async function filesOf({ entries, files }: Given): Promise<File[]> {
  const opened = await Promise.allSettled(entries.filter(isDiskFile).map(openDiskFile));
  return [...opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])), ...files];
}

export function isDiskFile(entry: DiskEntry): entry is DiskFile {
  return 'kind' in entry ? entry.kind === 'file' : entry.isFile;
}

export function isDiskFolder(entry: DiskEntry): entry is DiskFolder {
  return 'kind' in entry ? entry.kind === 'directory' : entry.isDirectory;
}

/** The file as it is now. Rejects when the browser may not read it, or it is gone. */
export function openDiskFile(entry: DiskFile): Promise<File> {
  if ('kind' in entry) {
    return entry.getFile();
  }
  return answerOf((take, refuse) => {
    entry.file(take, refuse);
  });
}

/** What a folder holds, some at a time. Throws what the browser says of a folder it may not read. */
export async function* listDiskFolder(folder: DiskFolder): AsyncGenerator<readonly DiskEntry[]> {
  if (!('kind' in folder)) {
    yield* listEntries(folder.createReader());
    return;
  }
  let batch: DiskEntry[] = [];
  for await (const entry of folder.values()) {
    batch.push(entry);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

async function* listEntries(reader: FileSystemDirectoryReader): AsyncGenerator<readonly FileSystemEntry[]> {
  const next = () =>
    answerOf<FileSystemEntry[]>((take, refuse) => {
      reader.readEntries(take, refuse);
    });
  // A reader hands out at most a hundred entries at a time and an empty batch at the end.
  for (let batch = await next(); batch.length > 0; batch = await next()) {
    yield batch;
  }
}
