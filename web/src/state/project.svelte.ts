import {
  checkVolume,
  defaultVolume,
  hasFileSystem,
  suggestVolume,
  toggleFileSystem,
  type FileSystemId,
  type FileSystems,
} from '../disc/volume.ts';
import { USUAL_ISO_LEVEL, type DiscSettings, type UdfRevision } from '../disc/settings.ts';
import { mediumById, type Medium } from '../media/media.ts';
import type { Given } from '../tree/given.ts';
import { addGiven, measureAgain, type IntakeOptions, type IntakeReport } from '../tree/intake.ts';
import type { Step } from '../tree/history.ts';
import { ContentTree, type DirectoryNode, type FileNode, type TreeNode } from '../tree/model.ts';
import { TreeEdits } from './tree-edits.svelte.ts';
import { TreeView } from './treeview.svelte.ts';

const EVERY_FILE_SYSTEM: FileSystems = { iso9660: true, joliet: true, rockRidge: true, udf: true };

/** How often the tree is drawn anew while sizes come in. */
const SHOW_MS = 500;

/** What the intakes that are running have done so far. */
export interface IntakeState {
  files: number;
  /** Files whose size is known. */
  measured: number;
  /** Whether all names are in the tree. */
  listed: boolean;
  cancel: () => void;
}

/** One of them. */
interface RunningIntake {
  files: number;
  measured: number;
  listed: boolean;
  readonly abort: AbortController;
}

/** What came of an intake: no report when it was stopped, no step when nothing of it is in the tree. */
export interface Intaken {
  readonly report: IntakeReport | null;
  readonly step: Step | null;
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
  readonly edits = new TreeEdits(this.tree, this.view, () => {
    this.#changed();
  });
  volume = $state(defaultVolume(new Date()));
  fileSystems = $state.raw<FileSystems>(EVERY_FILE_SYSTEM);
  /** The medium it is for; `null` for one that suits all. */
  medium = $state.raw<Medium | null>(null);
  /** What is being added; `null` when nothing is. */
  intake = $state.raw<IntakeState | null>(null);
  /** `null` for that of the medium. */
  udfRevision = $state.raw<UdfRevision | null>(null);
  volumeProblem = $derived(checkVolume(this.volume));
  totals = $state.raw<Totals>({ files: 0, directories: 0, size: 0 });
  isEmpty = $derived(this.totals.files + this.totals.directories === 0);
  usable = $derived(this.volumeProblem === null && hasFileSystem(this.fileSystems));

  /** When the image is made, in milliseconds since 1970: fixed, so that a project gives the same bytes every time. */
  created = Math.floor(Date.now() / 1000) * 1000;

  /** The usual one, unless a project file says another. */
  isoLevel = USUAL_ISO_LEVEL;

  /** Called after every change a plan depends on. */
  onChange: () => void = () => undefined;
  readonly #running = new Set<RunningIntake>();
  #volumeTouched = false;
  #fileSystemsTouched = false;
  /** File systems that what is on the disc asks for, whatever the medium. */
  #wanted: FileSystems | null = null;

  /** What there is besides the tree. */
  get settings(): DiscSettings {
    return {
      volumeId: this.volume,
      volumeTouched: this.#volumeTouched,
      created: this.created,
      medium: this.medium?.id ?? null,
      fileSystems: this.fileSystems,
      fileSystemsTouched: this.#fileSystemsTouched,
      isoLevel: this.isoLevel,
      udfRevision: this.udfRevision,
    };
  }

  restore(settings: DiscSettings): void {
    this.volume = settings.volumeId;
    this.#volumeTouched = settings.volumeTouched;
    this.created = settings.created;
    this.medium = settings.medium === null ? null : (mediumById(settings.medium) ?? null);
    this.fileSystems = settings.fileSystems;
    this.#fileSystemsTouched = settings.fileSystemsTouched;
    this.isoLevel = settings.isoLevel;
    this.udfRevision = settings.udfRevision;
    this.#changed();
  }

  /** Files have been put into the tree, or taken out, by another than the user. */
  treeChanged(): void {
    this.#changed();
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

  setUdfRevision(revision: UdfRevision | null): void {
    this.udfRevision = revision;
    this.onChange();
  }

  /** Makes it for this medium; the file systems follow unless the user chose them. */
  setMedium(medium: Medium | null): void {
    this.medium = medium;
    this.#followFileSystems();
    this.onChange();
  }

  /** Takes other file systems than the medium's for the usual ones, unless the user chose them. */
  wantFileSystems(systems: FileSystems | null): void {
    this.#wanted = systems;
    this.#followFileSystems();
  }

  /** Adds what is given. `onListed` is told of it as soon as all names are known, and before anybody can change one. */
  add(
    given: Given,
    target: DirectoryNode,
    onListed: (top: readonly TreeNode[]) => Promise<void>,
  ): Promise<Intaken> {
    return this.#take((options) => addGiven(this.tree, target, given, { ...options, onListed }));
  }

  /** Finds out sizes and times of files that came back after an intake had given them up, which changes the tree. */
  async measure(nodes: readonly FileNode[], signal: AbortSignal): Promise<void> {
    await measureAgain(this.tree, nodes, signal);
    this.#changed();
  }

  removeAll(): void {
    for (const node of [...this.tree.root.children.values()]) {
      this.tree.remove(node);
    }
    this.view.clear();
    this.#changed();
  }

  async #take(run: (options: IntakeOptions) => Promise<IntakeReport>): Promise<Intaken> {
    const abort = new AbortController();
    const running: RunningIntake = { files: 0, measured: 0, listed: false, abort };
    let step: Step | null = null;
    let shown = performance.now();
    this.#running.add(running);
    this.#tellIntakes();
    try {
      const report = await run({
        signal: abort.signal,
        commit: (kind, work) => {
          if (kind === 'add') {
            step = this.edits.add(0, work);
            running.listed = true;
            this.#tellIntakes();
            // A plan of what was there before must not be taken for one of what is there now.
            this.#changed();
          } else {
            this.edits.extend(step, work);
          }
        },
        onProgress: ({ files, measured }) => {
          Object.assign(running, { files, measured });
          this.#tellIntakes();
          if (running.listed && performance.now() - shown > SHOW_MS) {
            shown = performance.now();
            this.#show();
          }
        },
      });
      this.#nameAfter(report.added);
      return { report, step };
    } catch (error) {
      if (abort.signal.aborted) {
        return { report: null, step };
      }
      throw error;
    } finally {
      this.#running.delete(running);
      this.#tellIntakes();
      this.#changed();
    }
  }

  #tellIntakes(): void {
    const all = [...this.#running];
    const sum = (of: (each: RunningIntake) => number) => all.reduce((most, each) => most + of(each), 0);
    this.intake =
      all.length === 0
        ? null
        : {
            files: sum(({ files }) => files),
            measured: sum(({ measured }) => measured),
            listed: all.every(({ listed }) => listed),
            cancel: () => {
              for (const { abort } of all) {
                abort.abort();
              }
            },
          };
  }

  #followFileSystems(): void {
    if (!this.#fileSystemsTouched) {
      this.fileSystems = this.#wanted ?? this.medium?.fileSystems ?? EVERY_FILE_SYSTEM;
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

  #show(): void {
    const { files, directories, size } = this.tree.root;
    this.totals = { files, directories, size };
    this.view.follow();
  }

  #changed(): void {
    this.#show();
    this.onChange();
  }
}
