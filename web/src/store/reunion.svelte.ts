import { Slicer } from '../schedule/slicer.ts';
import type { FileContent } from '../tree/content.ts';
import { addDrop, addFiles, type Dropped } from '../tree/intake.ts';
import { ContentTree, nodeAt, pathOf, type FileNode, type TreeNode } from '../tree/model.ts';
import { AbsentFile } from './absent.ts';
import { Origins, sourceOf } from './origins.ts';
import type { KeptProject, KeptRoot } from './project-store.ts';

/** A file of the project that is not where it was, or not what it was. */
export interface LostFile {
  readonly path: string;
  readonly node: FileNode;
  /** What is there in its place, when it has changed. */
  readonly now: FileContent | null;
}

/** How the search for the files of a reopened project stands. */
export type ReunionState =
  | { stage: 'complete' }
  /** The browser wants to be asked before it gives the files again. */
  | { stage: 'permission' }
  /** The user has to show them again: files and folders by these names. */
  | { stage: 'show'; names: readonly string[] }
  | { stage: 'looking'; found: number; of: number };

/** Roots of one project, and the way from them back to the files. */
export class Reunion {
  state = $state.raw<ReunionState>({ stage: 'complete' });
  /** Files that were looked for and not found as they were. */
  lost = $state.raw<readonly LostFile[]>([]);

  readonly origins = new Origins();
  readonly #tree: ContentTree;
  readonly #changed: () => void;
  #roots: KeptRoot[];
  #unkept: KeptRoot[];

  /** `changed` is called when files have been put in. */
  constructor(
    tree: ContentTree,
    { roots, isNew }: Pick<KeptProject, 'roots' | 'isNew'>,
    changed: () => void,
  ) {
    this.#tree = tree;
    this.#roots = [...roots];
    this.#unkept = isNew ? [...roots] : [];
    this.#changed = changed;
  }

  /** Takes up what was added at the top: each file and folder is a root. */
  async note(added: readonly TreeNode[], handles: ReadonlyMap<string, FileSystemHandle>): Promise<void> {
    const slicer = new Slicer();
    for (const node of added) {
      const number = this.#roots.reduce((most, root) => Math.max(most, root.number), 0) + 1;
      const root = { number, name: node.name, handle: handles.get(node.name) ?? null };
      this.#roots.push(root);
      this.#unkept.push(root);
      await this.origins.note(node, number, slicer);
    }
    this.#assess();
  }

  /** Roots that are not kept yet; they count as kept when `done` is called. */
  takeRoots(): { roots: readonly KeptRoot[]; done: () => void } {
    const roots = this.#unkept;
    return {
      roots,
      done: () => {
        this.#unkept = this.#unkept.filter((root) => !roots.includes(root));
      },
    };
  }

  /** Looks after a project was opened whether the browser still gives its files. */
  async begin(): Promise<void> {
    const absent = this.#absent();
    if (absent.length === 0) {
      this.state = { stage: 'complete' };
      return;
    }
    const handles = this.#handles(absent);
    if (handles.length === 0) {
      this.#assess();
      return;
    }
    if ((await Promise.all(handles.map(permissionOf))).includes('prompt')) {
      this.state = { stage: 'permission' };
      return;
    }
    await this.#lookThroughHandles();
  }

  /** Asks the browser for the files again. Must be called from a click. */
  async askPermission(): Promise<void> {
    for (const handle of this.#handles(this.#absent())) {
      await handle.requestPermission({ mode: 'read' }).catch(() => 'denied');
    }
    await this.#lookThroughHandles();
  }

  /** Takes files the user showed again. Says how many were those that are missing. */
  async show(given: Dropped | Iterable<File>): Promise<number> {
    const shown = new ContentTree();
    await (Symbol.iterator in given ? addFiles(shown, shown.root, given) : addDrop(shown, shown.root, given));
    const find = (node: FileNode): FileContent | null => {
      const origin = this.origins.get(node.file);
      const there = origin === undefined ? null : nodeAt(shown, sourceOf(origin));
      return there?.kind === 'file' ? there.file : null;
    };
    return this.#look((node) => Promise.resolve(find(node)));
  }

  /** What was added, by which its files are found. */
  get roots(): readonly KeptRoot[] {
    return this.#roots;
  }

  /** Takes files that the page still has from another project. */
  async giveBack(find: (node: FileNode) => FileContent | null): Promise<void> {
    await this.#look((node) => Promise.resolve(find(node)));
  }

  /** Takes what has changed as it is now. */
  acceptChanged(): void {
    for (const { node, now } of this.lost) {
      if (now !== null) {
        this.#put(node, now);
      }
    }
    this.#finish();
  }

  /** Takes what was not found off the disc. */
  removeLost(): void {
    for (const { node } of this.lost) {
      this.#tree.remove(node);
    }
    this.#finish();
  }

  async #lookThroughHandles(): Promise<void> {
    const byRoot = new Map(this.#roots.map((root) => [root.number, root]));
    const finder = new HandleFinder();
    await this.#look((node) => {
      const origin = this.origins.get(node.file);
      const handle = origin === undefined ? null : (byRoot.get(origin.root)?.handle ?? null);
      return origin === undefined || handle === null
        ? Promise.resolve(null)
        : finder.find(handle, sourceOf(origin));
    });
  }

  async #look(find: (node: FileNode) => Promise<FileContent | null>): Promise<number> {
    const absent = this.#absent();
    this.state = { stage: 'looking', found: 0, of: absent.length };
    const lost: LostFile[] = [];
    const slicer = new Slicer();
    let found = 0;
    for (const [at, node] of absent.entries()) {
      const file = await find(node);
      if (file !== null && file.size === node.file.size && file.lastModified === node.file.lastModified) {
        this.#put(node, file);
        found += 1;
      } else {
        lost.push({ path: pathOf(node), node, now: file });
      }
      if (slicer.due) {
        this.state = { stage: 'looking', found: at + 1, of: absent.length };
        await slicer.turn();
      }
    }
    this.lost = lost;
    this.#finish();
    return found;
  }

  #put(node: FileNode, file: FileContent): void {
    const origin = this.origins.get(node.file);
    if (node.parent !== null && this.#tree.holds(node)) {
      if (origin !== undefined) {
        this.origins.set(file, origin);
      }
      this.#tree.addFile(node.parent, node.name, file);
    }
  }

  #finish(): void {
    this.#assess();
    this.#changed();
  }

  /** Works out from the tree what is still to be found. */
  #assess(): void {
    const absent = this.#absent();
    const still = new Set(absent);
    this.lost = this.lost.filter(({ node }) => still.has(node));
    if (absent.length === 0) {
      this.state = { stage: 'complete' };
      return;
    }
    if (this.state.stage === 'permission') {
      return;
    }
    const numbers = new Set(absent.map((node) => this.origins.get(node.file)?.root));
    const names = this.#roots.filter(({ number }) => numbers.has(number)).map(({ name }) => name);
    this.state = { stage: 'show', names: [...new Set(names)] };
  }

  /** Looks again at what is missing, after the contents were changed. */
  recount(): void {
    if (this.state.stage === 'show' || this.state.stage === 'permission') {
      this.#assess();
    }
  }

  #absent(): FileNode[] {
    const absent: FileNode[] = [];
    const open: TreeNode[] = [this.#tree.root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.kind === 'directory') {
        open.push(...node.children.values());
      } else if (node.file instanceof AbsentFile) {
        absent.push(node);
      }
    }
    return absent;
  }

  #handles(absent: readonly FileNode[]): FileSystemHandle[] {
    const numbers = new Set(absent.map((node) => this.origins.get(node.file)?.root));
    const wanted = this.#roots.filter(({ number }) => numbers.has(number));
    return wanted.map(({ handle }) => handle).filter((handle) => handle !== null);
  }
}

async function permissionOf(handle: FileSystemHandle): Promise<PermissionState> {
  try {
    return await handle.queryPermission({ mode: 'read' });
  } catch {
    return 'denied';
  }
}

/** Finds files below handles of folders; remembers the folders it has been through. */
class HandleFinder {
  readonly #known = new Map<string, Promise<FileSystemDirectoryHandle | null>>();
  readonly #numbers = new Map<FileSystemHandle, number>();

  /** `path` begins with the name of the handle itself. */
  async find(root: FileSystemHandle, path: string): Promise<File | null> {
    try {
      if (root.kind === 'file') {
        return await (root as FileSystemFileHandle).getFile();
      }
      const names = path.split('/').slice(1);
      const name = names.pop() ?? '';
      const folder = await this.#folder(root as FileSystemDirectoryHandle, names);
      return folder === null ? null : await (await folder.getFileHandle(name)).getFile();
    } catch {
      return null;
    }
  }

  #folder(
    root: FileSystemDirectoryHandle,
    names: readonly string[],
  ): Promise<FileSystemDirectoryHandle | null> {
    const last = names.at(-1);
    if (last === undefined) {
      return Promise.resolve(root);
    }
    const number = this.#numbers.get(root) ?? this.#numbers.size;
    this.#numbers.set(root, number);
    const key = `${number}:${names.join('/')}`;
    let folder = this.#known.get(key);
    if (folder === undefined) {
      folder = this.#folder(root, names.slice(0, -1)).then(async (parent) => {
        try {
          return (await parent?.getDirectoryHandle(last)) ?? null;
        } catch {
          return null;
        }
      });
      this.#known.set(key, folder);
    }
    return folder;
  }
}
