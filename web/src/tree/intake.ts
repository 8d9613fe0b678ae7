/**
 * Takes what the user dropped or picked into the tree: folders recursively, empty ones too when they are
 * dropped. Nothing is read but names, sizes and times.
 */
import { Slicer } from '../schedule/slicer.ts';
import { pathOf, spelt, type ContentTree, type DirectoryNode, type TreeNode } from './model.ts';

/** What an intake has done so far. */
export interface IntakeReport {
  files: number;
  directories: number;
  replaced: number;
  renamed: number;
  /** Paths, as they are now, of what had half a character in its name. */
  spelt: string[];
  /** Paths the browser would not let the page read. */
  unreadable: string[];
  /** What was added directly to the target directory. */
  added: TreeNode[];
}

export interface IntakeOptions {
  signal?: AbortSignal;
  /** Called now and then while an intake runs. */
  onProgress?: (report: IntakeReport) => void;
}

/** What a drop carries. Taken inside the event handler: the browser empties the transfer afterwards. */
export interface Dropped {
  entries: FileSystemEntry[];
  /** Files with no entry behind them, as programs (not file managers) drop them. */
  files: File[];
}

/** Reads a drop synchronously, before the browser takes it away. */
export function takeDrop(transfer: DataTransfer): Dropped {
  const dropped: Dropped = { entries: [], files: [] };
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

function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** File entries opened together: enough to keep the browser busy, few enough that their answers make no long task. */
const FILES_AT_ONCE = 25;

class Intake {
  readonly report: IntakeReport = {
    files: 0,
    directories: 0,
    replaced: 0,
    renamed: 0,
    spelt: [],
    unreadable: [],
    added: [],
  };
  readonly slicer: Slicer;
  readonly #tree: ContentTree;
  readonly #target: DirectoryNode;
  readonly #onProgress: ((report: IntakeReport) => void) | undefined;

  constructor(tree: ContentTree, target: DirectoryNode, options: IntakeOptions) {
    this.#tree = tree;
    this.#target = target;
    this.#onProgress = options.onProgress;
    this.slicer = new Slicer(options.signal);
  }

  addFile(parent: DirectoryNode, name: string, file: File): void {
    const { node, outcome } = this.#tree.addFile(parent, name, file);
    this.report.files += 1;
    this.report.replaced += outcome === 'replaced' ? 1 : 0;
    this.report.renamed += outcome === 'renamed' ? 1 : 0;
    this.#noteSpelt(node, name);
    this.#noteAdded(parent, node);
  }

  addDirectory(parent: DirectoryNode, name: string): DirectoryNode {
    const node = this.#tree.addDirectory(parent, name);
    this.report.directories += 1;
    this.report.renamed += node.name === spelt(name) ? 0 : 1;
    this.#noteSpelt(node, name);
    this.#noteAdded(parent, node);
    return node;
  }

  refuse(parent: DirectoryNode, name: string): void {
    const path = pathOf(parent);
    this.report.unreadable.push(path === '' ? name : `${path}/${name}`);
  }

  async turn(): Promise<void> {
    if (this.slicer.due) {
      this.#onProgress?.(this.report);
      await this.slicer.turn();
    }
  }

  #noteSpelt(node: TreeNode, name: string): void {
    if (spelt(name) !== name) {
      this.report.spelt.push(pathOf(node));
    }
  }

  #noteAdded(parent: DirectoryNode, node: TreeNode): void {
    if (parent === this.#target) {
      this.report.added.push(node);
    }
  }
}

async function addFileEntries(
  intake: Intake,
  parent: DirectoryNode,
  entries: readonly FileSystemFileEntry[],
): Promise<void> {
  const read = await Promise.allSettled(entries.map(fileOf));
  for (const [index, result] of read.entries()) {
    const name = entries[index]?.name ?? '';
    if (result.status === 'fulfilled') {
      intake.addFile(parent, name, result.value);
    } else {
      intake.refuse(parent, name);
    }
    await intake.turn();
  }
}

async function addBatch(
  intake: Intake,
  parent: DirectoryNode,
  batch: readonly FileSystemEntry[],
): Promise<void> {
  const files = batch.filter(isFile);
  for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
    await addFileEntries(intake, parent, files.slice(start, start + FILES_AT_ONCE));
  }
  for (const directory of batch.filter(isDirectory)) {
    await addDirectoryEntry(intake, parent, directory);
  }
}

async function addDirectoryEntry(
  intake: Intake,
  parent: DirectoryNode,
  entry: FileSystemDirectoryEntry,
): Promise<void> {
  const node = intake.addDirectory(parent, entry.name);
  const reader = entry.createReader();
  try {
    // A reader hands out at most a hundred entries at a time and an empty batch at the end.
    for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader)) {
      await addBatch(intake, node, batch);
    }
  } catch (error) {
    if (error instanceof DOMException && error.name !== 'AbortError') {
      intake.refuse(parent, entry.name);
      return;
    }
    throw error;
  }
}

/** Adds what was dropped. Rejects only when cancelled; what was added until then stays. */
export async function addDrop(
  tree: ContentTree,
  target: DirectoryNode,
  dropped: Dropped,
  options: IntakeOptions = {},
): Promise<IntakeReport> {
  const intake = new Intake(tree, target, options);
  await addBatch(intake, target, dropped.entries);
  for (const file of dropped.files) {
    intake.addFile(target, file.name, file);
  }
  return intake.report;
}

/** Adds picked files; those from a folder picker keep their folders. */
export async function addFiles(
  tree: ContentTree,
  target: DirectoryNode,
  files: Iterable<File>,
  options: IntakeOptions = {},
): Promise<IntakeReport> {
  const intake = new Intake(tree, target, options);
  const directories = new Map<string, DirectoryNode>([['', target]]);
  for (const file of files) {
    const path = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    const slash = path.lastIndexOf('/');
    const parent = directoryAt(intake, directories, path.slice(0, Math.max(0, slash)));
    intake.addFile(parent, path.slice(slash + 1), file);
    await intake.turn();
  }
  return intake.report;
}

function directoryAt(intake: Intake, known: Map<string, DirectoryNode>, path: string): DirectoryNode {
  const found = known.get(path);
  if (found !== undefined) {
    return found;
  }
  const slash = path.lastIndexOf('/');
  const parent = directoryAt(intake, known, path.slice(0, Math.max(0, slash)));
  const made = intake.addDirectory(parent, path.slice(slash + 1));
  known.set(path, made);
  return made;
}
