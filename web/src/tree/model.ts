/**
 * What the user wants on the disc: directories and files, with names unique within a directory and with
 * sizes and counts kept up to date on the way up. Knows nothing of the page that shows it.
 */
import type { Change, Place } from './changes.ts';
import type { FileContent, UnopenedFile } from './content.ts';
import type { Details } from './details.ts';
import { checkName, spelt, type NameProblem } from './names.ts';

interface NodeBase {
  readonly id: number;
  name: string;
  parent: DirectoryNode | null;
  /** What differs from the defaults. */
  details: Details | null;
}

/** A file the user gave; its bytes stay where they lie. */
export interface FileNode extends NodeBase {
  readonly kind: 'file';
  file: FileContent;
}

/** A directory with everything below it summed up. */
export interface DirectoryNode extends NodeBase {
  readonly kind: 'directory';
  readonly children: Map<string, TreeNode>;
  /** Bytes of all files below. */
  size: number;
  /** Number of files below, at any depth. */
  files: number;
  /** Number of directories below, at any depth. */
  directories: number;
  /** Revision of the tree at which a child last came, went or changed its name. */
  listed: number;
  /** Revision of the tree at which anything below last changed. */
  touched: number;
  /** Children in the order they were last shown. */
  order: ChildOrder | null;
}

/** Children put in order: in which way, and at which revision of what that way looks at. */
export interface ChildOrder {
  readonly nodes: readonly TreeNode[];
  readonly by: string;
  readonly revision: number;
}

export type TreeNode = FileNode | DirectoryNode;

/** What became of a file that was added. */
export type AddOutcome = 'added' | 'replaced' | 'renamed';

/** Bytes a node contributes to the contents. */
export function sizeOf(node: TreeNode): number {
  return node.kind === 'file' ? node.file.size : node.size;
}

/** Path from the root, separated by slashes; the root itself is the empty string. */
export function pathOf(node: TreeNode): string {
  const parts: string[] = [];
  for (let at = node; at.parent !== null; at = at.parent) {
    parts.push(at.name);
  }
  return parts.reverse().join('/');
}

/** What is at a path; `null` when there is nothing. */
export function nodeAt(tree: ContentTree, path: string): TreeNode | null {
  let at: TreeNode = tree.root;
  for (const name of path.split('/')) {
    const next: TreeNode | undefined = at.kind === 'directory' ? at.children.get(name) : undefined;
    if (next === undefined) {
      return null;
    }
    at = next;
  }
  return at;
}

/** `name`, or `name (2)`, `name (3)`…, keeping the extension, whichever is free. */
export function freeName(directory: DirectoryNode, name: string): string {
  if (!directory.children.has(name)) {
    return name;
  }
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let n = 2; ; n += 1) {
    const candidate = `${stem} (${n})${extension}`;
    if (!directory.children.has(candidate)) {
      return candidate;
    }
  }
}

/** Whether a node is the directory itself or lies somewhere below it. */
export function isWithin(node: TreeNode, directory: TreeNode): boolean {
  let at: TreeNode | null = node;
  while (at !== null && at !== directory) {
    at = at.parent;
  }
  return at !== null;
}

/** When a node was last modified, in Unix milliseconds; NaN when nobody said. */
export function modifiedOf(node: TreeNode): number {
  return node.details?.modified ?? (node.kind === 'file' ? node.file.lastModified : Number.NaN);
}

/** The tree of one disc. `revision` grows with every change, so that views and planner know to look again. */
export class ContentTree {
  #nextId = 0;
  #revision = 0;
  #recording: Change[] | null = null;
  readonly root: DirectoryNode = this.newDirectory('');

  get revision(): number {
    return this.#revision;
  }

  /** One more than the largest id of a node. */
  get idLimit(): number {
    return this.#nextId;
  }

  get isEmpty(): boolean {
    return this.root.children.size === 0;
  }

  /** Does `work` and answers with the changes it made, in their order. */
  record(work: () => void): Change[] {
    const outer = this.#recording;
    const changes: Change[] = [];
    this.#recording = changes;
    try {
      work();
    } finally {
      this.#recording = outer;
      for (const change of changes) {
        outer?.push(change);
      }
    }
    return changes;
  }

  /** Makes a change, or makes it again. A name that was taken meanwhile gives way to a free one. */
  apply(change: Change): void {
    switch (change.kind) {
      case 'content':
        this.setContent(change.node, change.to);
        return;
      case 'details':
        this.setDetails(change.node, change.to);
        return;
      case 'place':
        this.#replace(change.node, change.to);
    }
  }

  /** A directory that is not part of the tree yet. */
  newDirectory(name: string): DirectoryNode {
    return {
      kind: 'directory',
      id: this.#nextId++,
      name,
      parent: null,
      details: null,
      children: new Map(),
      size: 0,
      files: 0,
      directories: 0,
      listed: 0,
      touched: 0,
      order: null,
    };
  }

  /** The directory of that name, made if it is missing. A file in the way keeps its name; the directory gets another. */
  addDirectory(parent: DirectoryNode, given: string): DirectoryNode {
    const name = spelt(given);
    const existing = parent.children.get(name);
    if (existing?.kind === 'directory') {
      return existing;
    }
    const node = this.newDirectory(name);
    this.place(node, parent, freeName(parent, name));
    return node;
  }

  /** Adds a file. The same name again replaces the earlier file; a directory in the way keeps its name. */
  addFile(parent: DirectoryNode, given: string, file: FileContent): { node: FileNode; outcome: AddOutcome } {
    const name = spelt(given);
    const existing = parent.children.get(name);
    if (existing?.kind === 'file') {
      this.setContent(existing, file);
      return { node: existing, outcome: 'replaced' };
    }
    const node: FileNode = { kind: 'file', id: this.#nextId++, name, parent: null, details: null, file };
    this.place(node, parent, freeName(parent, name));
    return { node, outcome: existing === undefined ? 'added' : 'renamed' };
  }

  /** Takes a node and all below it out of the tree. */
  remove(node: TreeNode): void {
    if (node.parent !== null) {
      this.place(node, null);
    }
  }

  /** Gives a node another name, unless the name is unusable or taken; then says why and changes nothing. */
  rename(node: TreeNode, name: string): NameProblem | null {
    const parent = node.parent;
    if (parent === null || name === node.name) {
      return null;
    }
    const problem = checkName(name);
    if (problem !== null) {
      return problem;
    }
    if (parent.children.has(name)) {
      return 'taken';
    }
    this.place(node, parent, name);
    return null;
  }

  /** Puts a node, with all below it, where there is none of that name; `null` takes it out of the tree. */
  place(node: TreeNode, parent: DirectoryNode | null, name = node.name): void {
    const from: Place | null = node.parent === null ? null : { parent: node.parent, name: node.name };
    this.#revision += 1;
    if (from !== null) {
      from.parent.children.delete(node.name);
      from.parent.listed = this.#revision;
      this.#sumNode(from.parent, node, -1);
    }
    node.parent = parent;
    node.name = name;
    if (parent !== null) {
      parent.children.set(name, node);
      parent.listed = this.#revision;
      this.#sumNode(parent, node, 1);
    }
    this.#recording?.push({ kind: 'place', node, from, to: parent === null ? null : { parent, name } });
  }

  /** Gives a file other bytes. */
  setContent(node: FileNode, file: FileContent): void {
    const from = node.file;
    node.file = file;
    this.#revision += 1;
    this.#sum(node.parent, file.size - from.size, 0, 0);
    this.#recording?.push({ kind: 'content', node, from, to: file });
  }

  setDetails(node: TreeNode, details: Details | null): void {
    const from = node.details;
    node.details = details;
    this.#revision += 1;
    this.#sum(node.parent, 0, 0, 0);
    this.#recording?.push({ kind: 'details', node, from, to: details });
  }

  /** Counts a file of a tree whose size and time were just found out. That is no change of it: nothing takes it back. */
  countMeasured(node: FileNode, file: UnopenedFile): void {
    if (node.file === file) {
      this.#revision += 1;
      this.#sum(node.parent, file.size, 0, 0);
    }
  }

  /** Whether the node is still part of the tree, with all its parents. */
  holds(node: TreeNode): boolean {
    return isWithin(node, this.root);
  }

  #replace(node: TreeNode, to: Place | null): void {
    if (to === null) {
      this.remove(node);
      return;
    }
    const taken = to.parent.children.get(to.name);
    const isFree = taken === undefined || taken === node;
    this.place(node, to.parent, isFree ? to.name : freeName(to.parent, to.name));
  }

  #sumNode(parent: DirectoryNode, node: TreeNode, sign: 1 | -1): void {
    const files = node.kind === 'file' ? 1 : node.files;
    const directories = node.kind === 'file' ? 0 : node.directories + 1;
    this.#sum(parent, sign * sizeOf(node), sign * files, sign * directories);
  }

  #sum(from: DirectoryNode | null, size: number, files: number, directories: number): void {
    for (let at = from; at !== null; at = at.parent) {
      at.size += size;
      at.files += files;
      at.directories += directories;
      at.touched = this.#revision;
    }
  }
}
