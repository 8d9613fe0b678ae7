/**
 * What the user wants on the disc: directories and files, with names unique within a directory and with
 * sizes and counts kept up to date on the way up. Knows nothing of the page that shows it.
 */

/** A name that cannot be used, and why. */
export type NameProblem = 'empty' | 'dots' | 'slash' | 'nul' | 'halves' | 'taken';

interface NodeBase {
  readonly id: number;
  name: string;
  parent: DirectoryNode | null;
}

/** A file the user gave; its bytes stay where they lie. */
export interface FileNode extends NodeBase {
  readonly kind: 'file';
  file: File;
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
  /** Children in the order they are shown; `null` when it must be worked out again. */
  order: readonly TreeNode[] | null;
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

/** Whether a name can stand in any directory at all, before any file system's own limits. */
export function checkName(name: string): NameProblem | null {
  if (name.trim() === '') {
    return 'empty';
  }
  if (name === '.' || name === '..') {
    return 'dots';
  }
  if (name.includes('/')) {
    return 'slash';
  }
  if (name.includes('\0')) {
    return 'nul';
  }
  return HALVES.test(name) ? 'halves' : null;
}

/** Halves of UTF-16 pairs without the other half: Windows allows them in names, no text on a disc can hold them. */
const HALVES = /\p{Surrogate}/u;

/** The name with such halves spelt out, so that none of them is lost and two names stay two. */
export function spelt(name: string): string {
  const code = (half: string): string => half.charCodeAt(0).toString(16).toUpperCase();
  return name.replaceAll(new RegExp(HALVES, 'gu'), (half) => `[U+${code(half)}]`);
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

/** The tree of one disc. `revision` grows with every change, so that views and planner know to look again. */
export class ContentTree {
  readonly root: DirectoryNode = this.#newDirectory('', null);
  readonly #byId = new Map<number, TreeNode>();
  #nextId = 1;
  #revision = 0;

  get revision(): number {
    return this.#revision;
  }

  get isEmpty(): boolean {
    return this.root.children.size === 0;
  }

  /** The node with this number, unless it has been removed. */
  node(id: number): TreeNode | undefined {
    return this.#byId.get(id);
  }

  /** The directory of that name, made if it is missing. A file in the way keeps its name; the directory gets another. */
  addDirectory(parent: DirectoryNode, given: string): DirectoryNode {
    const name = spelt(given);
    const existing = parent.children.get(name);
    if (existing?.kind === 'directory') {
      return existing;
    }
    const node = this.#newDirectory(freeName(parent, name), parent);
    this.#attach(node, parent);
    return node;
  }

  /** Adds a file. The same name again replaces the earlier file; a directory in the way keeps its name. */
  addFile(parent: DirectoryNode, given: string, file: File): { node: FileNode; outcome: AddOutcome } {
    const name = spelt(given);
    const existing = parent.children.get(name);
    if (existing?.kind === 'file') {
      const grown = file.size - existing.file.size;
      existing.file = file;
      this.#sum(parent, grown, 0, 0);
      this.#revision += 1;
      return { node: existing, outcome: 'replaced' };
    }
    const node: FileNode = { kind: 'file', id: this.#nextId++, name: freeName(parent, name), parent, file };
    this.#attach(node, parent);
    return { node, outcome: existing === undefined ? 'added' : 'renamed' };
  }

  /** Takes a node and all below it out of the tree. */
  remove(node: TreeNode): void {
    const parent = node.parent;
    if (parent?.children.get(node.name) !== node) {
      return;
    }
    parent.children.delete(node.name);
    parent.order = null;
    this.#sumNode(parent, node, -1);
    this.#byId.delete(node.id);
    node.parent = null;
    this.#revision += 1;
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
    parent.children.delete(node.name);
    node.name = name;
    parent.children.set(name, node);
    parent.order = null;
    this.#revision += 1;
    return null;
  }

  /** Whether the node is still part of the tree, with all its parents. */
  holds(node: TreeNode): boolean {
    let at: TreeNode = node;
    while (at.parent !== null) {
      at = at.parent;
    }
    return at === this.root;
  }

  #newDirectory(name: string, parent: DirectoryNode | null): DirectoryNode {
    const id = parent === null ? 0 : this.#nextId++;
    return {
      kind: 'directory',
      id,
      name,
      parent,
      children: new Map(),
      size: 0,
      files: 0,
      directories: 0,
      order: null,
    };
  }

  #attach(node: TreeNode, parent: DirectoryNode): void {
    parent.children.set(node.name, node);
    parent.order = null;
    this.#byId.set(node.id, node);
    this.#sumNode(parent, node, 1);
    this.#revision += 1;
  }

  #sumNode(parent: DirectoryNode, node: TreeNode, sign: 1 | -1): void {
    const files = node.kind === 'file' ? 1 : node.files;
    const directories = node.kind === 'file' ? 0 : node.directories + 1;
    this.#sum(parent, sign * sizeOf(node), sign * files, sign * directories);
  }

  #sum(from: DirectoryNode, size: number, files: number, directories: number): void {
    for (let at: DirectoryNode | null = from; at !== null; at = at.parent) {
      at.size += size;
      at.files += files;
      at.directories += directories;
    }
  }
}
