import { Slicer } from '../schedule/slicer.ts';
import type { FileContent } from '../tree/content.ts';
import { namesOf, type Given } from '../tree/given.ts';
import { addGiven } from '../tree/intake.ts';
import { ContentTree, nodeAt, pathOf, type TreeNode } from '../tree/model.ts';
import { streamPath } from '../tree/streams.ts';
import { walk } from '../tree/walk.ts';
import { patched } from '../tree/details.ts';
import { AbsentFile } from './absent.ts';
import type { Handles } from './handles.ts';
import { Origins, sourceOf } from './origins.ts';
import type { KeptProject, KeptRoot } from './project-store.ts';

/** A file that is not found yet: it is a node of the tree, or a named stream of one. */
interface Absent {
  readonly node: TreeNode;
  /** Name of the stream. */
  readonly stream: string | null;
  readonly file: AbsentFile;
}

/** Finds the bytes of a file or of a named stream. */
export type FindContent = (node: TreeNode, stream: string | null) => FileContent | null;

/** A file of the project that is not where it was, or not what it was. */
export interface LostFile extends Absent {
  readonly path: string;
  /** What it is called where it lies. */
  readonly source: string;
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

/** What a search asks of the project it is for. */
export interface ReunionProject {
  /** Files have been put in. */
  changed: () => void;
  /** Takes so many items off the disc, as a step of the user's. */
  leaveOut: (count: number, work: () => void) => void;
}

/** Roots of one project, and the way from them back to the files. */
export class Reunion {
  state = $state.raw<ReunionState>({ stage: 'complete' });
  /** Files that were looked for and not found as they were. */
  lost = $state.raw<readonly LostFile[]>([]);

  readonly origins = new Origins();
  readonly #tree: ContentTree;
  readonly #project: ReunionProject;
  #roots: KeptRoot[];
  #unkept: KeptRoot[];
  /** Whether files were missing at any time: a step back can bring them in again then. */
  #wasAbsent = false;

  constructor(
    tree: ContentTree,
    { roots, isNew }: Pick<KeptProject, 'roots' | 'isNew'>,
    project: ReunionProject,
  ) {
    this.#tree = tree;
    this.#roots = [...roots];
    this.#unkept = isNew ? [...roots] : [];
    this.#project = project;
  }

  /** Takes up what is being added, as it is called where it lies: each file and folder is a root. */
  async note(added: readonly TreeNode[], handles: Handles): Promise<void> {
    const slicer = new Slicer();
    for (const node of added) {
      await this.origins.note(node, this.#addRoot(node.name, handles.get(node.name)), slicer);
    }
    this.#assess();
  }

  /** Takes up files that were added as named streams: each is a root. */
  noteStreams(files: Iterable<readonly [file: File, handle: FileSystemHandle | undefined]>): void {
    for (const [file, handle] of files) {
      this.origins.set(file, { root: this.#addRoot(file.name, handle), directory: '', name: file.name });
    }
  }

  #addRoot(name: string, handle: FileSystemHandle | undefined): number {
    const number = this.#roots.reduce((most, root) => Math.max(most, root.number), 0) + 1;
    const root = { number, name, handle: handle ?? null };
    this.#roots.push(root);
    this.#unkept.push(root);
    return number;
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

  /** Takes files the user showed again, and the handles of them for the next time. Says how many were those that are missing. */
  async show(given: Given, handles: Handles): Promise<number> {
    const shown = new ContentTree();
    await addGiven(shown, shown.root, given);
    const find = (wanted: FileContent): FileContent | null => {
      const origin = this.origins.get(wanted);
      const there = origin === undefined ? null : nodeAt(shown, sourceOf(origin));
      return there?.kind === 'file' ? there.file : null;
    };
    // What else is missing was not shown, and is not lost for that.
    const names = namesOf(given);
    const numbers = new Set(this.#roots.filter(({ name }) => names.has(name)).map(({ number }) => number));
    const among = this.#absent().filter(({ file }) => numbers.has(this.origins.get(file)?.root ?? -1));
    const found = await this.#look(among, ({ file }) => Promise.resolve(find(file)));
    this.#keepHandles(among, handles);
    return found;
  }

  /** Takes the handles of roots below which some of the files that were missing are no longer. */
  #keepHandles(among: readonly Absent[], handles: Handles): void {
    const still = new Set(this.#absent().map(({ file }) => file));
    const found = among.filter(({ file }) => !still.has(file));
    const numbers = new Set(found.map(({ file }) => this.origins.get(file)?.root));
    for (const [at, root] of this.#roots.entries()) {
      const handle = numbers.has(root.number) ? handles.get(root.name) : undefined;
      if (handle !== undefined) {
        const kept = { ...root, handle };
        this.#roots[at] = kept;
        this.#unkept = [...this.#unkept.filter(({ number }) => number !== root.number), kept];
      }
    }
  }

  /** What was added, by which its files are found. */
  get roots(): readonly KeptRoot[] {
    return this.#roots;
  }

  /** Takes files that the page still has from another project. */
  async giveBack(find: FindContent): Promise<void> {
    await this.#look(this.#absent(), ({ node, stream }) => Promise.resolve(find(node, stream)));
  }

  /** Takes what has changed as it is now. */
  acceptChanged(): void {
    for (const lost of this.lost) {
      if (lost.now !== null) {
        this.#put(lost, lost.now);
      }
    }
    this.#finish();
  }

  /** Takes what was not found off the disc. */
  removeLost(): void {
    this.#project.leaveOut(this.lost.length, () => {
      for (const lost of this.lost) {
        if (lost.stream === null) {
          this.#tree.remove(lost.node);
        } else {
          this.#putStream(lost, null);
        }
      }
    });
    this.#assess();
  }

  async #lookThroughHandles(): Promise<void> {
    const byRoot = new Map(this.#roots.map((root) => [root.number, root]));
    const finder = new HandleFinder();
    await this.#look(this.#absent(), ({ file }) => {
      const origin = this.origins.get(file);
      const handle = origin === undefined ? null : (byRoot.get(origin.root)?.handle ?? null);
      return origin === undefined || handle === null
        ? Promise.resolve(null)
        : finder.find(handle, sourceOf(origin));
    });
  }

  /** Looks for some of what is missing. */
  async #look(
    absent: readonly Absent[],
    find: (wanted: Absent) => Promise<FileContent | null>,
  ): Promise<number> {
    this.state = { stage: 'looking', found: 0, of: absent.length };
    const lost: LostFile[] = [];
    const slicer = new Slicer();
    let found = 0;
    for (const [at, wanted] of absent.entries()) {
      const { node, stream, file } = wanted;
      const now = await find(wanted);
      if (now !== null && file.isLike(now)) {
        this.#put(wanted, now);
        found += 1;
      } else {
        const path = pathOf(node);
        const source = this.origins.get(file)?.name ?? '';
        lost.push({ ...wanted, path: stream === null ? path : streamPath(path, stream), source, now });
      }
      if (slicer.due) {
        this.state = { stage: 'looking', found: at + 1, of: absent.length };
        await slicer.turn();
      }
    }
    const looked = new Set(absent.map(({ file }) => file));
    this.lost = [...this.lost.filter(({ file }) => !looked.has(file)), ...lost];
    this.#finish();
    return found;
  }

  #put(wanted: Absent, file: FileContent): void {
    const { node, stream } = wanted;
    const origin = this.origins.get(wanted.file);
    if (node.parent === null || !this.#tree.holds(node)) {
      return;
    }
    if (origin !== undefined) {
      this.origins.set(file, origin);
    }
    if (stream === null) {
      this.#tree.addFile(node.parent, node.name, file);
    } else {
      this.#putStream(wanted, file);
    }
  }

  /** Puts a file in the place of a named stream that is absent; `null` takes the stream away. */
  #putStream({ node, file: absent }: Absent, file: FileContent | null): void {
    const streams = node.details?.streams?.flatMap((each) =>
      each.file !== absent ? [each] : file === null ? [] : [{ ...each, file }],
    );
    this.#tree.setDetails(
      node,
      patched(node.details, { streams: streams?.length === 0 ? undefined : streams }),
    );
  }

  #finish(): void {
    this.#assess();
    this.#project.changed();
  }

  /** Works out from the tree what is still to be found. */
  #assess(): void {
    const absent = this.#absent();
    const still = new Set(absent.map(({ file }) => file));
    this.lost = this.lost.filter(({ file }) => still.has(file));
    if (absent.length === 0) {
      this.state = { stage: 'complete' };
      return;
    }
    if (this.state.stage === 'permission') {
      return;
    }
    const numbers = new Set(absent.map(({ file }) => this.origins.get(file)?.root));
    const names = this.#roots.filter(({ number }) => numbers.has(number)).map(({ name }) => name);
    this.state = { stage: 'show', names: [...new Set(names)] };
  }

  /** Looks again at what is missing, after the contents were changed. */
  recount(): void {
    const { stage } = this.state;
    if (stage === 'show' || stage === 'permission') {
      this.#assess();
    } else if (stage === 'complete' && this.#wasAbsent && this.#absent().length > 0) {
      void this.begin();
    }
  }

  #absent(): Absent[] {
    const absent: Absent[] = [];
    for (const node of walk(this.#tree.root)) {
      if (node.kind === 'file' && node.file instanceof AbsentFile) {
        absent.push({ node, stream: null, file: node.file });
      }
      for (const { name, file } of node.details?.streams ?? []) {
        if (file instanceof AbsentFile) {
          absent.push({ node, stream: name, file });
        }
      }
    }
    this.#wasAbsent ||= absent.length > 0;
    return absent;
  }

  #handles(absent: readonly Absent[]): FileSystemHandle[] {
    const numbers = new Set(absent.map(({ file }) => this.origins.get(file)?.root));
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
