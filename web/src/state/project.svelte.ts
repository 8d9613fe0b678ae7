import {
  checkVolume,
  defaultVolume,
  hasFileSystem,
  suggestVolume,
  toggleFileSystem,
  type FileSystemId,
  type FileSystems,
} from '../disc/volume.ts';
import type { Medium } from '../media/media.ts';
import { addDrop, addFiles, type Dropped, type IntakeReport } from '../tree/intake.ts';
import { ContentTree, freeName, type DirectoryNode, type NameProblem, type TreeNode } from '../tree/model.ts';
import { TreeView } from './treeview.svelte.ts';

const EVERY_FILE_SYSTEM: FileSystems = { iso9660: true, joliet: true, rockRidge: true, udf: true };

/** An intake that is running. */
export interface IntakeState {
  files: number;
  cancel: () => void;
}

/** All that is on the disc, summed up. */
export interface Totals {
  files: number;
  directories: number;
  size: number;
}

/** The disc being made: what is on it, what it is called and which file systems it gets. */
export class Project {
  readonly tree = new ContentTree();
  readonly view = new TreeView(this.tree);
  volume = $state(defaultVolume(new Date()));
  fileSystems = $state.raw<FileSystems>(EVERY_FILE_SYSTEM);
  /** The medium it is for; `null` for one that suits all. */
  medium = $state.raw<Medium | null>(null);
  intake = $state.raw<IntakeState | null>(null);
  /** Node whose name is being edited. */
  renaming = $state.raw<TreeNode | null>(null);
  volumeProblem = $derived(checkVolume(this.volume));
  totals = $state.raw<Totals>({ files: 0, directories: 0, size: 0 });
  isEmpty = $derived(this.totals.files + this.totals.directories === 0);
  usable = $derived(this.volumeProblem === null && hasFileSystem(this.fileSystems));

  /** Called after every change a plan depends on. */
  onChange: () => void = () => undefined;
  #volumeTouched = false;
  #fileSystemsTouched = false;

  /** Where new things go: the active directory, or the one the active file is in. */
  get target(): DirectoryNode {
    const node = this.view.activeNode;
    if (node === null) {
      return this.tree.root;
    }
    return node.kind === 'directory' && this.view.isOpen(node) ? node : (node.parent ?? this.tree.root);
  }

  setVolume(name: string): void {
    this.#volumeTouched = true;
    this.volume = name;
    this.onChange();
  }

  setFileSystem(id: FileSystemId, on: boolean): void {
    this.#fileSystemsTouched = true;
    this.fileSystems = toggleFileSystem(this.fileSystems, id, on);
    this.onChange();
  }

  /** Makes it for this medium; the file systems follow unless the user chose them. */
  setMedium(medium: Medium | null): void {
    this.medium = medium;
    if (!this.#fileSystemsTouched) {
      this.fileSystems = medium?.fileSystems ?? EVERY_FILE_SYSTEM;
    }
    this.onChange();
  }

  addDropped(dropped: Dropped, target: DirectoryNode): Promise<IntakeReport | null> {
    return this.#take((options) => addDrop(this.tree, target, dropped, options));
  }

  addPicked(files: Iterable<File>): Promise<IntakeReport | null> {
    const target = this.target;
    return this.#take((options) => addFiles(this.tree, target, files, options));
  }

  /** Makes an empty directory and starts naming it. */
  addFolder(name: string): void {
    const target = this.target;
    const node = this.tree.addDirectory(target, freeName(target, name));
    this.#changed();
    this.view.reveal(node);
    this.renaming = node;
  }

  removeSelected(): number {
    const nodes = this.view.selection;
    for (const node of nodes) {
      this.tree.remove(node);
    }
    this.#changed();
    if (this.view.activeNode !== null) {
      this.view.activate(this.view.active);
    }
    return nodes.length;
  }

  removeAll(): void {
    for (const node of [...this.tree.root.children.values()]) {
      this.tree.remove(node);
    }
    this.view.clear();
    this.#changed();
  }

  /** Renames a node, or says why not. */
  rename(node: TreeNode, name: string): NameProblem | null {
    const problem = this.tree.rename(node, name);
    if (problem === null) {
      this.renaming = null;
      this.#changed();
      this.view.reveal(node);
    }
    return problem;
  }

  async #take(
    run: (options: {
      signal: AbortSignal;
      onProgress: (report: IntakeReport) => void;
    }) => Promise<IntakeReport>,
  ): Promise<IntakeReport | null> {
    const abort = new AbortController();
    const cancel = () => {
      abort.abort();
    };
    this.intake = { files: 0, cancel };
    try {
      const report = await run({
        signal: abort.signal,
        onProgress: ({ files }) => {
          this.intake = { files, cancel };
        },
      });
      this.#nameAfter(report.added);
      return report;
    } catch (error) {
      if (abort.signal.aborted) {
        return null;
      }
      throw error;
    } finally {
      this.intake = null;
      this.#changed();
    }
  }

  /** An untouched volume name follows the one folder the disc consists of. */
  #nameAfter(added: readonly TreeNode[]): void {
    const [only] = added;
    if (this.#volumeTouched || only?.kind !== 'directory' || this.tree.root.children.size !== 1) {
      return;
    }
    const name = suggestVolume(only.name);
    this.volume = name === '' ? this.volume : name;
  }

  #changed(): void {
    const { files, directories, size } = this.tree.root;
    this.totals = { files, directories, size };
    this.view.refresh();
    this.onChange();
  }
}
