/**
 * What the page can do, as the start screen offers it. Each kind is a folder here: its state, its view, its words in
 * `strings/`. Another one (an audio CD, an image that is edited) is another folder and a line in `KINDS`; it is loaded
 * when it is wanted, so that none makes the page slower to start.
 */
import type { Component } from 'svelte';
import type { Shell } from '../state/shell.svelte.ts';
import type { Keeping } from '../store/keeping.svelte.ts';
import type { KeptProject } from '../store/project-store.ts';
import type { FindContent } from '../store/reunion.svelte.ts';
import { withWords } from '../strings/strings.ts';
import type { Given } from '../tree/given.ts';
import type { IconName } from '../views/icons.ts';

export type KindId = 'data' | 'bootable' | 'video' | 'image' | 'copy' | 'erase';

/** A project that is open, whatever its kind. */
export interface OpenProject {
  /** Whether closing the page now would break something off. */
  readonly busy: boolean;
  /** What it is called, for the title of the page. */
  readonly title: string;
  /** How it is kept between visits, if it is. */
  readonly keeping?: Keeping;
  /** Called whenever it comes into view. */
  shown?(): void;
  /** Takes what was dropped outside the places that take drops themselves. */
  drop?(dropped: Given): void;
  /** Keeps what has changed, without waiting. */
  keep?(): Promise<void>;
  rename?(name: string): void;
  /** Takes files that the page still has from another project. */
  giveBack?(find: FindContent): Promise<void>;
  /** It is being deleted: nothing of it is kept any more. */
  discard?(): void;
}

/** A kind of project once its code is loaded. */
export interface KindModule<P extends OpenProject = OpenProject> {
  open(shell: Shell, kept: KeptProject | null): Promise<P>;
  View: Component<{ shell: Shell; project: P }>;
  /** Loads what the first project will need, before there is one. */
  warmUp?(): void;
}

export interface ProjectKind {
  readonly id: KindId;
  readonly icon: IconName;
  /** Whether it is kept between visits: then there may be several, each with its own address. */
  readonly kept: boolean;
  readonly load: () => Promise<KindModule>;
}

/** Forgets which class of project a view is for: a module's view only ever gets what its own `open` made. */
function erased<P extends OpenProject>(module: KindModule<P>): KindModule {
  return module as unknown as KindModule;
}

export const KINDS: readonly ProjectKind[] = [
  {
    id: 'data',
    icon: 'folder',
    kept: true,
    load: async () => erased((await import('./data/kind.ts')).kind),
  },
  {
    id: 'bootable',
    icon: 'power',
    kept: true,
    load: async () => erased((await withWords(import('./bootable/kind.ts'), 'boot')).kind),
  },
  {
    id: 'video',
    icon: 'film',
    kept: true,
    load: async () => erased((await withWords(import('./video/kind.ts'), 'video')).kind),
  },
  {
    id: 'image',
    icon: 'disc',
    kept: true,
    load: async () => erased((await withWords(import('./image/kind.ts'), 'image', 'reunion')).kind),
  },
  {
    id: 'copy',
    icon: 'copy',
    kept: false,
    load: async () => erased((await withWords(import('./copy/kind.ts'), 'copy', 'record')).kind),
  },
  {
    id: 'erase',
    icon: 'erase',
    kept: false,
    load: async () => erased((await withWords(import('./erase/kind.ts'), 'erase', 'record')).kind),
  },
];

export function kindById(id: string): ProjectKind | undefined {
  return KINDS.find((kind) => kind.id === id);
}
