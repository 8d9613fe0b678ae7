import type { Component } from 'svelte';
import { Updates } from '../offline/updates.svelte.ts';
import { kindById, type KindId, type OpenProject } from '../projects/kinds.ts';
import { formatRoute, parseRoute, type Route } from '../projects/route.ts';
import { newProject, ProjectStore, type KeptProject } from '../store/project-store.ts';
import type { FindContent } from '../store/reunion.svelte.ts';
import { t } from '../strings/strings.ts';
import { filesOf, type Given } from '../tree/given.ts';
import { Agent } from './agent.svelte.ts';
import { Burning } from './burning.svelte.ts';
import { explain } from './explain.ts';
import { Library } from './library.svelte.ts';
import { Notices } from './notices.svelte.ts';

/** What is on the screen below the header. */
export type Screen =
  | { at: 'start' }
  | { at: 'loading' }
  | { at: 'open'; key: string; View: Component<{ shell: Shell; project: OpenProject }>; project: OpenProject }
  | { at: 'elsewhere' }
  | { at: 'gone' }
  | { at: 'failed'; message: string };

/** The page around the projects: the agent, the burner, what is kept, and which project is open. */
export class Shell {
  readonly notices = new Notices();
  readonly agent = new Agent(this.notices);
  readonly burning = new Burning(this.agent);
  readonly store = new ProjectStore();
  readonly library = new Library(this.store);
  readonly updates = new Updates(() => this.#keepAll());
  screen = $state.raw<Screen>({ at: 'start' });

  /** Projects stay open until the page is left, so that going back loses no file the browser cannot give again. */
  readonly #open = new Map<string, Screen & { at: 'open' }>();
  /** The project that was on the screen last. */
  #shown: string | null = null;
  #turn = 0;

  /** Shows what the address says, now and whenever it changes. */
  async start(): Promise<void> {
    addEventListener('hashchange', () => {
      if (location.hash.startsWith('#pair=')) {
        void this.agent.start();
      }
      void this.#show(parseRoute(location.hash));
    });
    addEventListener('unhandledrejection', ({ reason }) => {
      this.#tellUncaught(reason);
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') {
        void this.#keepAll();
      }
    });
    const agent = this.agent.start();
    await this.#show(parseRoute(location.hash));
    await agent;
  }

  /** Whether closing the page now would break something off. */
  get busy(): boolean {
    const losing = ({ busy, keeping }: OpenProject) => busy || keeping?.state === 'failed';
    return this.burning.needsPage || [...this.#open.values()].some(({ project }) => losing(project));
  }

  go(route: Route): void {
    location.hash = formatRoute(route);
  }

  /** Begins something new. A kept kind gets a project of its own, which is kept once there is something in it. */
  async begin(kind: KindId, fill?: (project: OpenProject) => void): Promise<void> {
    const known = kindById(kind);
    if (known?.kept !== true) {
      this.go({ at: 'task', kind });
      return;
    }
    await this.#begin(newProject(kind), fill);
  }

  /** Opens a project file as a project of its own, and keeps it. */
  async importFile(file: File): Promise<void> {
    try {
      const [{ readProjectFile }, { keptFrom }] = await Promise.all([
        import('../projects/file/project-file.ts'),
        import('../projects/file/exchange.ts'),
      ]);
      const read = readProjectFile(await file.text());
      const kind = kindById(read.kind);
      if (kind?.kept !== true) {
        this.notices.error(t.file.unknownKind(read.kind), t.file.problems.newer(0).todo);
        return;
      }
      const kept = await keptFrom(read, kind.id);
      await this.#begin(kept);
    } catch (error) {
      const { what, todo } = explain(error);
      this.notices.error(what, todo);
    }
  }

  /** Opens a project file that the system opened with the app. */
  async importLaunched(read: () => Promise<File>): Promise<void> {
    try {
      await this.importFile(await read());
    } catch (error) {
      const { what, todo } = explain(error);
      this.notices.error(what, todo);
    }
  }

  async #begin(fresh: KeptProject, fill?: (project: OpenProject) => void): Promise<void> {
    const { id, kind } = fresh.header;
    const opened = await this.#load(kind, fresh);
    if (opened !== null) {
      this.#open.set(id, opened);
      noteBegun(id);
      fill?.(opened.project);
      this.go({ at: 'project', kind, id });
    }
  }

  /** Keeps a project that is made of another one, whose files the page still has. */
  async add(fresh: KeptProject, find: FindContent): Promise<void> {
    const { id, kind } = fresh.header;
    const opened = await this.#load(kind, fresh);
    if (opened === null) {
      throw new Error(t.start.failed);
    }
    this.#open.set(id, opened);
    await opened.project.giveBack?.(find);
    await opened.project.keep?.();
    const failure = opened.project.keeping?.failure ?? null;
    if (failure !== null) {
      throw failure;
    }
    await this.library.refresh();
  }

  async importDropped(given: Given): Promise<void> {
    const [file] = await filesOf(given);
    if (file !== undefined) {
      await this.importFile(file);
    }
  }

  /** Shows what the address says once more, after it failed. */
  showAgain(): Promise<void> {
    return this.#show(parseRoute(location.hash));
  }

  /** A drop outside the places that take drops themselves. */
  drop(dropped: Given): void {
    if (this.screen.at === 'open') {
      this.screen.project.drop?.(dropped);
    } else {
      void this.begin('data', (project) => project.drop?.(dropped));
    }
  }

  async renameProject(id: string, name: string): Promise<void> {
    const open = this.#open.get(id)?.project;
    if (open?.rename === undefined) {
      this.#tellElsewhere(await this.library.rename(id, name));
      return;
    }
    open.rename(name);
    await open.keep?.();
    await this.library.refresh();
  }

  async duplicateProject(id: string): Promise<void> {
    await this.#open.get(id)?.project.keep?.();
    await this.library.duplicate(id);
  }

  async removeProject(id: string): Promise<void> {
    const open = this.#open.get(id);
    open?.project.discard?.();
    this.#open.delete(id);
    if (open !== undefined && this.screen === open) {
      // Nothing that is changed there would be kept.
      this.screen = { at: 'gone' };
    }
    this.#tellElsewhere(await this.library.remove(id));
  }

  #tellElsewhere(mine: boolean): void {
    if (!mine) {
      this.notices.error(t.start.elsewhere, t.start.elsewhereText);
    }
  }

  async #show(route: Route): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    if (route.at === 'start') {
      this.screen = { at: 'start' };
      await this.#keepAll();
      await this.library.refresh();
      return;
    }
    const id = route.at === 'project' ? route.id : route.kind;
    let opened: Screen | undefined = this.#open.get(id);
    if (opened === undefined) {
      this.screen = { at: 'loading' };
      opened = await this.#openKept(route.kind, route.at === 'project' ? route.id : null);
    }
    if (turn !== this.#turn) {
      return;
    }
    this.screen = opened;
    if (opened.at === 'open') {
      if (this.#shown !== null && this.#shown !== id) {
        this.burning.dismissDone();
      }
      this.#shown = id;
      this.#open.set(id, opened);
      opened.project.shown?.();
    }
  }

  async #openKept(kind: KindId, id: string | null): Promise<Screen> {
    if (id === null) {
      return (await this.#load(kind, null)) ?? this.screen;
    }
    if (!(await this.library.claim(id))) {
      return { at: 'elsewhere' };
    }
    let kept: KeptProject | null;
    try {
      kept = await this.store.open(id);
    } catch (error) {
      return { at: 'failed', message: this.library.explain(error) };
    }
    if (kept === null && wasBegun(id)) {
      kept = newProject(kind, id);
    }
    if (kept === null) {
      return { at: 'gone' };
    }
    return (await this.#load(kept.header.kind, kept)) ?? this.screen;
  }

  async #load(kind: KindId, kept: KeptProject | null): Promise<(Screen & { at: 'open' }) | null> {
    try {
      const module = await kindById(kind)?.load();
      if (module === undefined) {
        this.screen = { at: 'gone' };
        return null;
      }
      if (kept !== null) {
        await this.library.claim(kept.header.id);
      }
      const project = await module.open(this, kept);
      return { at: 'open', key: kept?.header.id ?? kind, View: module.View, project };
    } catch (error) {
      this.screen = { at: 'failed', message: explain(error).what };
      this.notices.error(t.start.failed, t.problems.fallbackTodo);
      return null;
    }
  }

  /** What nobody was prepared for is better told than silent. What was broken off ended as it was meant to. */
  #tellUncaught(error: unknown): void {
    if (!(error instanceof DOMException && error.name === 'AbortError')) {
      const { what, todo } = explain(error);
      this.notices.error(what, todo);
    }
  }

  async #keepAll(): Promise<void> {
    const keep = async (project: OpenProject): Promise<void> => {
      await project.keep?.();
    };
    await Promise.all(Array.from(this.#open.values(), ({ project }) => keep(project)));
  }
}

/** A project nothing was put into yet is not kept; a reload finds it all the same. */
const BEGUN_KEY = 'discwright.begun';

function noteBegun(id: string): void {
  try {
    sessionStorage.setItem(BEGUN_KEY, id);
  } catch {
    // Without storage a reload of an empty project leads to the start.
  }
}

function wasBegun(id: string): boolean {
  try {
    return sessionStorage.getItem(BEGUN_KEY) === id;
  } catch {
    return false;
  }
}
