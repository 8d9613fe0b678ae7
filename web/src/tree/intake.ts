/**
 * Takes what the user dropped or picked into the tree: folders recursively, empty ones too when they are
 * dropped. Nothing is read but names, sizes and times: first all names, which come into the tree at once, then
 * sizes and times, for which the browser takes much longer.
 */
import { inParallel } from '../schedule/parallel.ts';
import { Slicer } from '../schedule/slicer.ts';
import { ChangedContentError, isUnmeasured, UnopenedFile, type FileContent } from './content.ts';
import {
  isDiskFile,
  isDiskFolder,
  listDiskFolder,
  type DiskEntry,
  type DiskFolder,
  type Given,
} from './given.ts';
import { merge } from './edits.ts';
import { pathOf, type ContentTree, type DirectoryNode, type FileNode, type TreeNode } from './model.ts';
import { spelt } from './names.ts';

/** What an intake has done so far. */
export interface IntakeReport {
  files: number;
  directories: number;
  replaced: number;
  renamed: number;
  /** Files whose size and time are known. */
  measured: number;
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
  /** Takes note of what is to be added, before anything of it can get another name or place. */
  onListed?: (top: readonly TreeNode[]) => Promise<void>;
  /** Runs what changes the tree: what comes in when all names are known, and what has to go again later. */
  commit?: (kind: 'add' | 'withdraw', work: () => void) => void;
}

/** Directories read together. */
const DIRECTORIES_AT_ONCE = 16;
/** Files measured together: enough to keep the browser busy, few enough that their answers make no long task. */
const FILES_AT_ONCE = 32;

interface Reading {
  entry: DiskFolder;
  node: DirectoryNode;
}

class Intake {
  readonly report: IntakeReport = {
    files: 0,
    directories: 0,
    replaced: 0,
    renamed: 0,
    measured: 0,
    spelt: [],
    unreadable: [],
    added: [],
  };
  readonly #tree: ContentTree;
  readonly #target: DirectoryNode;
  readonly #options: IntakeOptions;
  /** Holds what is added until all of it is known. */
  readonly #stage: DirectoryNode;
  readonly #unmeasured: FileNode[] = [];
  readonly #spelt: TreeNode[] = [];
  readonly #slicer: Slicer;

  constructor(tree: ContentTree, target: DirectoryNode, options: IntakeOptions) {
    this.#tree = tree;
    this.#target = target;
    this.#options = options;
    this.#stage = tree.newDirectory('');
    this.#slicer = new Slicer(options.signal);
  }

  get stage(): DirectoryNode {
    return this.#stage;
  }

  addFile(parent: DirectoryNode, name: string, file: FileContent): void {
    const { node, outcome } = this.#tree.addFile(parent, name, file);
    this.report.files += 1;
    this.report.replaced += outcome === 'replaced' ? 1 : 0;
    this.report.renamed += outcome === 'renamed' ? 1 : 0;
    this.#noteSpelt(node, name);
    if (!(file instanceof UnopenedFile)) {
      this.report.measured += 1;
    } else if (outcome !== 'replaced') {
      this.#unmeasured.push(node);
    }
  }

  addDirectory(parent: DirectoryNode, name: string): DirectoryNode {
    const node = this.#tree.addDirectory(parent, name);
    this.report.directories += 1;
    this.report.renamed += node.name === spelt(name) ? 0 : 1;
    this.#noteSpelt(node, name);
    return node;
  }

  async turn(): Promise<void> {
    if (this.#slicer.due) {
      this.#options.onProgress?.(this.report);
      await this.#slicer.turn();
    }
  }

  /** Lists entries with all below them. */
  async list(entries: readonly DiskEntry[]): Promise<void> {
    const waiting: Reading[] = [];
    await this.#addBatch(this.#stage, entries, null, waiting);
    await inParallel(
      () => waiting.pop(),
      DIRECTORIES_AT_ONCE,
      (reading) => this.#read(reading, waiting),
    );
  }

  /** Brings what was listed into the tree, all at once. */
  async merge(): Promise<void> {
    await this.#options.onListed?.([...this.#stage.children.values()]);
    const target = this.#tree.holds(this.#target) ? this.#target : this.#tree.root;
    const names = [...this.#stage.children.values()];
    this.#commit('add', () => {
      for (const node of names) {
        merge(this.#tree, node, target, this.report);
      }
    });
    // A directory that was there already took in what came under its name.
    const there = names.map((node) => (node.parent === target ? node : target.children.get(node.name)));
    this.report.added = there.filter((node) => node !== undefined);
    this.report.spelt = this.#spelt.filter((node) => this.#tree.holds(node)).map(pathOf);
    this.#options.onProgress?.(this.report);
  }

  /** Brings in what was listed before the listing was cancelled, unless sizes would be missing. */
  async mergeKnown(): Promise<void> {
    if (this.#unmeasured.length === 0) {
      await this.merge();
    }
  }

  /** Finds out sizes and times. Files the browser may not read leave the tree again; so do, when cancelled, the rest. */
  async measure(): Promise<void> {
    let at = 0;
    try {
      await inParallel(
        () => this.#unmeasured[at++],
        FILES_AT_ONCE,
        (node) => this.#measure(node),
      );
    } catch (error) {
      this.#withdraw(this.#unmeasured.filter(({ file }) => isUnmeasured(file)));
      throw error;
    }
  }

  async #read({ entry, node }: Reading, waiting: Reading[]): Promise<void> {
    try {
      for await (const batch of listDiskFolder(entry)) {
        await this.#addBatch(node, batch, 'kind' in entry ? null : entry, waiting);
      }
    } catch (error) {
      if (!(error instanceof DOMException) || error.name === 'AbortError') {
        throw error;
      }
      this.#refuse(`${this.#prefix}${pathOf(node)}`);
      if (node.children.size === 0) {
        this.#tree.remove(node);
        this.report.directories -= 1;
      }
    }
  }

  /** `folder` is what finds files of the batch again without their entries. */
  async #addBatch(
    parent: DirectoryNode,
    batch: readonly DiskEntry[],
    folder: FileSystemDirectoryEntry | null,
    waiting: Reading[],
  ): Promise<void> {
    for (const entry of batch) {
      if (isDiskFolder(entry)) {
        waiting.push({ entry, node: this.addDirectory(parent, entry.name) });
      } else if (isDiskFile(entry)) {
        this.addFile(parent, entry.name, new UnopenedFile(entry, folder));
      }
    }
    await this.turn();
  }

  async #measure(node: FileNode): Promise<void> {
    const { file } = node;
    if (!(file instanceof UnopenedFile)) {
      return;
    }
    try {
      await file.measure();
      this.#tree.countMeasured(node, file);
      this.report.measured += 1;
    } catch {
      this.#refuse(pathOf(node));
      this.#withdraw([node]);
      this.report.files -= 1;
    }
    if (this.#slicer.due) {
      await this.turn();
    }
  }

  /** What comes before the path of something that is not in the tree yet. */
  get #prefix(): string {
    const path = pathOf(this.#target);
    return path === '' ? '' : `${path}/`;
  }

  /** Notes what the browser does not let the page read. */
  #refuse(path: string): void {
    this.report.unreadable.push(path);
  }

  #withdraw(nodes: readonly FileNode[]): void {
    this.#commit('withdraw', () => {
      for (const node of nodes) {
        this.#tree.remove(node);
      }
    });
  }

  #commit(kind: 'add' | 'withdraw', work: () => void): void {
    if (this.#options.commit === undefined) {
      work();
    } else {
      this.#options.commit(kind, work);
    }
  }

  #noteSpelt(node: TreeNode, name: string): void {
    if (spelt(name) !== name) {
      this.#spelt.push(node);
    }
  }
}

/** Files measured again, of which the first that cannot be read is named. */
export async function measureAgain(
  tree: ContentTree,
  nodes: readonly FileNode[],
  signal: AbortSignal,
): Promise<void> {
  let at = 0;
  await inParallel(
    () => nodes[at++],
    FILES_AT_ONCE,
    async (node) => {
      signal.throwIfAborted();
      const { file } = node;
      if (isUnmeasured(file)) {
        await file.measure().catch(() => {
          throw new ChangedContentError(pathOf(node));
        });
        tree.countMeasured(node, file);
      }
    },
  );
}

/** Adds what `list` finds. When it is cancelled, what is known in full by then stays. */
async function take(intake: Intake, list: () => Promise<void>): Promise<IntakeReport> {
  try {
    await list();
  } catch (error) {
    await intake.mergeKnown();
    throw error;
  }
  await intake.merge();
  await intake.measure();
  return intake.report;
}

/** Adds what is given; files of a plain folder dialogue keep their folders. Rejects only when cancelled. */
export function addGiven(
  tree: ContentTree,
  target: DirectoryNode,
  { entries, files }: Given,
  options: IntakeOptions = {},
): Promise<IntakeReport> {
  const intake = new Intake(tree, target, options);
  const directories = new Map<string, DirectoryNode>([['', intake.stage]]);
  return take(intake, async () => {
    await intake.list(entries);
    for (const file of files) {
      const path = file.webkitRelativePath || file.name;
      const slash = path.lastIndexOf('/');
      const parent = directoryAt(intake, directories, path.slice(0, Math.max(0, slash)));
      intake.addFile(parent, path.slice(slash + 1), file);
      await intake.turn();
    }
  });
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
