import type { FileSystems } from '../../disc/volume.ts';
import { readFile } from '../../planner/contents.ts';
import type { Project } from '../../state/project.svelte.ts';
import { AbsentFile } from '../../store/absent.ts';
import type { DirectoryNode, FileNode, TreeNode } from '../../tree/model.ts';
import { walk } from '../../tree/walk.ts';
import { refusal, type Prepared, type Purpose } from '../disc/purpose.ts';
import type { ProjectSections } from '../file/sections.ts';
import { isPlayer, type Player } from '../file/video-section.ts';
import { check, detect, type Checked, type VideoWarning } from './check.ts';
import { explainVideo } from './explain-video.ts';
import { childNamed, misspelt } from './names.ts';

/** File systems that players of each kind read, and no more. */
const SYSTEMS: Readonly<Record<Player, FileSystems>> = {
  dvd: { iso9660: true, joliet: false, rockRidge: false, udf: true },
  bd: { iso9660: false, joliet: false, rockRidge: false, udf: true },
};
const REVISIONS = { dvd: '1.02', bd: '2.50' } as const;
/** No information of a DVD-Video is nearly as long. */
const MOST_INFORMATION = 16 * 1024 * 1024;

/** A disc that a player plays. */
export class Video implements Purpose {
  #chosen = $state.raw<Player | null>(null);
  #detected = $state.raw<Player | null>(null);
  player = $derived(this.#chosen ?? this.#detected);
  checked = $state.raw<Checked>({ errors: [], warnings: [] });

  readonly #project: Project;

  constructor(project: Project) {
    this.#project = project;
  }

  get udfRevision(): string | null {
    return this.player === null ? null : REVISIONS[this.player];
  }

  get settings(): Record<string, unknown> {
    return this.#chosen === null ? {} : { video: this.#chosen };
  }

  get sections(): ProjectSections {
    return { video: this.player ?? 'dvd' };
  }

  restore(settings: unknown): void {
    const { video } = (settings ?? {}) as { video?: unknown };
    this.#chosen = isPlayer(video) ? video : null;
  }

  choose(player: Player): void {
    this.#chosen = player;
    this.#project.onChange();
  }

  /** The folder that holds `VIDEO_TS` or `BDMV`, if it is one and not the top. */
  findTop(added: readonly TreeNode[]): Promise<DirectoryNode | null> {
    const found = new Set<DirectoryNode>();
    const mayHold = (directory: DirectoryNode): boolean =>
      detect(directory) === null && !/^(VIDEO_TS|BDMV)$/i.test(directory.name);
    for (const top of added.filter((node) => node.parent?.parent === null)) {
      for (const node of walk(top, mayHold)) {
        if (node.kind === 'directory' && detect(node) !== null) {
          found.add(node);
        }
      }
    }
    const [only] = found;
    return Promise.resolve(found.size === 1 ? (only ?? null) : null);
  }

  /** Gives all names the case that players look for. */
  mendNames(): void {
    const { player } = this;
    const folder = this.#folder;
    if (player !== null && folder !== null) {
      this.#project.edits.renameAll(misspelt(folder, player));
    }
  }

  addAudioFolder(): void {
    this.#project.edits.addDirectory(this.#project.tree.root, 'AUDIO_TS');
  }

  async prepare(signal: AbortSignal): Promise<Prepared> {
    const { root } = this.#project.tree;
    this.#detected = detect(root);
    const { player } = this;
    this.#project.wantFileSystems(player === null ? null : SYSTEMS[player]);
    const checked = check(root, player, this.#project.fileSystems);
    const contents = player === 'dvd' ? await this.#information() : new Map<FileNode, Uint8Array>();
    signal.throwIfAborted();
    this.checked = { ...checked, warnings: [...wrongInformation(contents), ...checked.warnings] };
    const [first] = checked.errors;
    if (first !== undefined || player === null) {
      const { what, todo } = explainVideo(first ?? { kind: 'noFolder' });
      return refusal(what, todo);
    }
    const udf = { revision: REVISIONS[player] };
    return { ok: true, demand: { options: { video: player, udf }, contents } };
  }

  /** What title sets say of where their files are: the planner puts them there. */
  async #information(): Promise<Map<FileNode, Uint8Array>> {
    const contents = new Map<FileNode, Uint8Array>();
    for (const node of this.#folder?.children.values() ?? []) {
      const isInformation = node.kind === 'file' && node.name.endsWith('.IFO');
      if (isInformation && node.file.size <= MOST_INFORMATION && !(node.file instanceof AbsentFile)) {
        contents.set(node, await readFile(node));
      }
    }
    return contents;
  }

  get #folder(): DirectoryNode | null {
    const folder = childNamed(this.#project.tree.root, this.player === 'bd' ? 'BDMV' : 'VIDEO_TS');
    return folder?.kind === 'directory' ? folder : null;
  }
}

/** Information begins with its identifier: `DVDVIDEO-VMG` or `DVDVIDEO-VTS`. */
function wrongInformation(contents: ReadonlyMap<FileNode, Uint8Array>): VideoWarning[] {
  return [...contents]
    .filter(([, bytes]) => !String.fromCharCode(...bytes.subarray(0, 12)).startsWith('DVDVIDEO-V'))
    .map(([{ name }]) => ({ kind: 'notInformation', path: `VIDEO_TS/${name}` }));
}
