import type { DiscSettings } from '../disc/settings.ts';
import { numberedVolume } from '../disc/volume.ts';
import { Planner } from '../planner/client.ts';
import { encodeTree } from '../planner/entries.ts';
import type { Part } from '../split/split.ts';
import type { Origins } from '../store/origins.ts';
import { newProject, type KeptProject, type KeptRoot } from '../store/project-store.ts';
import { keepText, type OwnFile } from '../store/own-files.ts';
import { TreeKeeper } from '../store/tree-pieces.ts';
import { t } from '../strings/strings.ts';
import type { FileContent } from '../tree/content.ts';
import { freeName, pathOf, type TreeNode } from '../tree/model.ts';
import type { FindContent } from '../store/reunion.svelte.ts';
import type { App } from './app.svelte.ts';
import { explain, type Explanation } from './explain.ts';
import { PlanningError } from './planning-error.ts';
import type { Shell } from './shell.svelte.ts';

const LIST_NAME = 'CONTENTS.TXT';

/** What the dialogue about dividing a disc shows. */
export type SplitState =
  | { stage: 'working'; planned: number }
  | { stage: 'ready'; parts: readonly Part[]; capacity: number }
  | { stage: 'making' }
  | { stage: 'failed'; problem: Explanation };

/** Makes several projects of one that is too large for its disc. The one it is made of stays as it is. */
export class Splitting {
  state = $state.raw<SplitState | null>(null);
  /** Whether each disc gets a list of what is on which. */
  withList = $state(false);

  readonly #app: App;
  readonly #shell: Shell;
  #abort = new AbortController();
  #list: (OwnFile & { root: KeptRoot }) | null = null;

  constructor(app: App, shell: Shell) {
    this.#app = app;
    this.#shell = shell;
  }

  get busy(): boolean {
    return this.state?.stage === 'making';
  }

  /** What the list is called: a file of the user's own stays what it is. */
  get listName(): string {
    return freeName(this.#app.project.tree.root, LIST_NAME);
  }

  /** Works out which files go on which disc, and how large each image will be. */
  async plan(): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#dropList();
    this.state = { stage: 'working', planned: 0 };
    const planner = new Planner();
    const capacity = this.#app.capacity.bytes;
    try {
      const { split } = await import('../split/split.ts');
      const parts = await split(this.#app.project.tree.root, {
        capacity,
        sizeOf: (tree) => this.#sizeOf(planner, tree),
        ...(this.withList ? { list: { name: this.listName, make: (text) => this.#makeList(text) } } : {}),
        signal: abort.signal,
      });
      if (!abort.signal.aborted) {
        this.state = { stage: 'ready', parts, capacity };
      }
    } catch (error) {
      if (!abort.signal.aborted) {
        this.state = { stage: 'failed', problem: await explainSplit(error) };
      }
    } finally {
      planner.close();
    }
  }

  /** Makes a project of each disc, and offers to take that back. */
  async make(): Promise<void> {
    if (this.state?.stage !== 'ready') {
      return;
    }
    const { parts } = this.state;
    this.state = { stage: 'making' };
    const list = this.#list;
    const ids: string[] = [];
    const takeBack = async (): Promise<void> => {
      await Promise.all(ids.map((id) => this.#shell.removeProject(id)));
      await list?.forget();
    };
    try {
      for (const [at, part] of parts.entries()) {
        const kept = await this.#kept(part, at + 1, parts.length);
        ids.push(kept.header.id);
        await this.#shell.add(kept, giveBack(part));
      }
      this.#list = null;
      this.state = null;
      const undo = (): void => void takeBack();
      this.#shell.notices.info(t.split.made(parts.length), { label: t.tree.undo, run: undo });
    } catch (error) {
      await takeBack();
      this.state = { stage: 'failed', problem: explain(error) };
    }
  }

  close(): void {
    this.#abort.abort();
    this.#dropList();
    this.state = null;
  }

  /** A list that no project was made with. */
  #dropList(): void {
    void this.#list?.forget();
    this.#list = null;
  }

  async #sizeOf(planner: Planner, tree: Part['tree']): Promise<number> {
    const encoded = await encodeTree(tree, this.#abort.signal);
    const outcome = await planner.plan(encoded, this.#app.planning.options);
    if (!outcome.ok) {
      throw new PlanningError(outcome.error);
    }
    if (this.state?.stage === 'working') {
      this.state = { stage: 'working', planned: this.state.planned + 1 };
    }
    return outcome.value.sizeBytes;
  }

  async #makeList(text: string): Promise<FileContent> {
    const name = this.listName;
    const own = await keepText(name, text);
    const number = this.#app.reunion.roots.reduce((most, root) => Math.max(most, root.number), 0) + 1;
    this.#dropList();
    this.#list = { ...own, root: { number, name, handle: own.handle } };
    return own.file;
  }

  async #kept(part: Part, number: number, of: number): Promise<KeptProject> {
    const fresh = newProject('data');
    const { project, reunion, title } = this.#app;
    const { pieces } = await new TreeKeeper(this.#origins).changes(part.tree, new AbortController().signal);
    const settings: DiscSettings = {
      ...project.settings,
      fileSystems: { ...project.fileSystems },
      volumeId: numberedVolume(project.volume, number, of),
      volumeTouched: true,
    };
    const { size, files } = part.tree.root;
    const name = t.split.name(title, number, of);
    return {
      header: { ...fresh.header, name, size, files, settings },
      pieces: new Map(pieces.map(([[directory, at], piece]) => [`${directory}/${at}`, piece])),
      roots: [...reunion.roots, ...(this.#list === null ? [] : [this.#list.root])],
      isNew: true,
    };
  }

  /** Where the files of the parts came from: those of the project, and the list. */
  get #origins(): Origins {
    const list = this.#list;
    const { origins } = this.#app.reunion;
    if (list !== null) {
      origins.set(list.file, { root: list.root.number, directory: '', name: list.root.name });
    }
    return origins;
  }
}

/** Why a set cannot be divided; what knows is loaded with the first. */
async function explainSplit(error: unknown): Promise<Explanation> {
  const [{ TooLargeError }, { NoSplitError }] = await Promise.all([
    import('../split/packing.ts'),
    import('../split/split.ts'),
  ]);
  if (error instanceof TooLargeError) {
    return { what: t.split.tooLarge(error.path, error.size), todo: t.split.tooLargeTodo };
  }
  return error instanceof NoSplitError ? { what: t.split.noRoom, todo: t.split.noRoomTodo } : explain(error);
}

/** The way from a node of the new project to the bytes, which the page still has. */
function giveBack(part: Part): FindContent {
  return (node, stream) => {
    let at: TreeNode = part.tree.root;
    for (const name of pathOf(node).split('/')) {
      const next: TreeNode | undefined = at.kind === 'directory' ? at.children.get(name) : undefined;
      if (next === undefined) {
        return null;
      }
      at = next;
    }
    if (stream !== null) {
      return at.details?.streams?.find(({ name }) => name === stream)?.file ?? null;
    }
    return at.kind === 'file' ? at.file : null;
  };
}
