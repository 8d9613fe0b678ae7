import { readFile } from '../../planner/contents.ts';
import type { ImageBoot } from '../../planner/messages.ts';
import type { Project } from '../../state/project.svelte.ts';
import { AbsentFile } from '../../store/absent.ts';
import { nodeAt, type DirectoryNode, type FileNode, type TreeNode } from '../../tree/model.ts';
import { refusal, type Prepared, type Purpose } from '../disc/purpose.ts';
import type { BootEntry, BootSection, Hybrid, MbrCode, Platform } from '../file/boot-section.ts';
import type { ProjectSections } from '../file/sections.ts';
import { complete, keepChoice, keptChoice, NO_CHOICE, type BootChoice } from './boot-settings.ts';
import { bootedFromDisk, findProblems, HEAD, isIsolinux, startsOf, type PlacedProblem } from './check.ts';
import { findBoot, findTop, NOTHING, proposeHybrid, type Found } from './find.ts';
import { entryFor } from './known-images.ts';
import { explainBoot } from './explain-boot.ts';

/** How a disc starts machines: what was found for it in the contents, and what the user chose instead. */
export class Boot implements Purpose {
  readonly udfRevision = null;
  found = $state.raw<Found>(NOTHING);
  problems = $state.raw<readonly PlacedProblem[]>([]);
  /** Images that are ISOLINUX and lack the table that it needs. */
  lackTable = $state.raw<ReadonlySet<string>>(new Set());
  #choice = $state.raw<BootChoice>(NO_CHOICE);
  entries = $derived(this.#choice.entries ?? this.found.entries);
  hybrid = $derived(
    this.#choice.hybrid === 'none' ? null : (this.#choice.hybrid ?? proposeHybrid(this.entries, this.found)),
  );
  starts = $derived(startsOf(this.section));
  /** Whether anything differs from what was found. */
  isChosen = $derived(this.#choice.entries !== null || this.#choice.hybrid !== null);

  readonly #project: Project;

  constructor(project: Project) {
    this.#project = project;
  }

  get id(): string {
    return this.#choice.id;
  }

  get section(): BootSection {
    return { entries: this.entries, id: this.id, hybrid: this.hybrid };
  }

  get settings(): Record<string, unknown> {
    return { boot: keepChoice(this.#choice) };
  }

  get sections(): ProjectSections {
    return { boot: { ...this.section, entries: complete(this.entries) } };
  }

  restore(settings: unknown): void {
    this.#choice = keptChoice(settings);
  }

  findTop(added: readonly TreeNode[]): Promise<DirectoryNode | null> {
    return findTop(added);
  }

  /** The file of the disc at a path. */
  fileAt(path: string): FileNode | null {
    const node = nodeAt(this.#project.tree, path);
    return node?.kind === 'file' ? node : null;
  }

  setEntry(at: number, change: Partial<BootEntry>): void {
    this.#setEntries(this.entries.map((entry, index) => (index === at ? { ...entry, ...change } : entry)));
  }

  /** Starts another file, with what such a file needs. */
  setImage(at: number, path: string): void {
    const entry = this.entries[at];
    if (entry !== undefined) {
      this.setEntry(at, this.#entryFor(path, entry.platform));
    }
  }

  setPlatform(at: number, platform: Platform): void {
    this.setEntry(at, this.#entryFor(this.entries[at]?.image ?? '', platform));
  }

  /** Another entry; which file it starts is still to be said. */
  addEntry(platform: Platform): void {
    this.#setEntries([...this.entries, this.#entryFor('', platform)]);
  }

  removeEntry(at: number): void {
    this.#setEntries(this.entries.filter((_, index) => index !== at));
  }

  setHybrid(hybrid: Hybrid | null): void {
    this.#choose({ hybrid: hybrid ?? 'none' });
  }

  /** Takes code for the master boot record, and a partition table where there was none. */
  setCode(code: MbrCode | null): void {
    this.setHybrid({ ...(this.hybrid ?? this.newHybrid()), code });
  }

  /** Partition tables that most machines take. */
  newHybrid(): Hybrid {
    const hasUefi = this.entries.some(({ platform }) => platform === 'uefi');
    return (
      proposeHybrid(this.entries, this.found) ?? {
        table: hasUefi ? 'both' : 'mbr',
        code: null,
        systemPartition: 'inPlace',
      }
    );
  }

  setId(id: string): void {
    this.#choose({ id });
  }

  /** Goes back to what is found in the contents. */
  proposeAgain(): void {
    this.#choose({ entries: null, hybrid: null });
  }

  async prepare(signal: AbortSignal): Promise<Prepared> {
    const found = await findBoot(this.#project.tree.root, signal);
    signal.throwIfAborted();
    this.found = found;
    const boot = this.section;
    const heads = await this.#heads(boot);
    signal.throwIfAborted();
    this.problems = findProblems(boot, {
      fileAt: (path) => this.fileAt(path),
      headOf: (path) => heads.get(path) ?? null,
      hasIso9660: this.#project.fileSystems.iso9660,
      efiProgram: found.efiPrograms[0]?.path ?? null,
    });
    this.lackTable = lackingTable(boot, heads);
    const [first] = this.problems;
    if (first !== undefined) {
      const { what, todo } = explainBoot(first.problem);
      return refusal(what, todo);
    }
    return this.#demand(boot, signal);
  }

  async #demand(boot: BootSection, signal: AbortSignal): Promise<Prepared> {
    const wanted = new Map(
      boot.entries.filter((entry) => needsBytes(entry, boot)).map(({ image }) => [image, this.fileAt(image)]),
    );
    const code = boot.hybrid?.code ?? null;
    const codeFile = code !== null && 'path' in code ? this.fileAt(code.path) : null;
    const files = [...wanted.values(), codeFile].filter((file) => file !== null);
    if (files.some(({ file }) => file instanceof AbsentFile)) {
      return { ok: true, demand: { options: { boot: withoutBytes(boot) }, contents: new Map() } };
    }
    const contents = new Map<FileNode, Uint8Array>();
    for (const node of wanted.values()) {
      if (node !== null) {
        contents.set(node, await readFile(node));
      }
    }
    const bytes = code === null ? null : 'path' in code ? await readCode(codeFile) : code.bytes;
    signal.throwIfAborted();
    return { ok: true, demand: { options: { boot: optionsOf(boot, bytes) }, contents } };
  }

  /** The beginnings of the boot images, where the browser gives them. */
  async #heads({ entries }: BootSection): Promise<Map<string, Uint8Array>> {
    const heads = new Map<string, Uint8Array>();
    for (const { image } of entries) {
      const node = this.fileAt(image);
      if (node !== null && !(node.file instanceof AbsentFile)) {
        heads.set(image, await readFile(node, HEAD));
      }
    }
    return heads;
  }

  #entryFor(path: string, platform: Platform): BootEntry {
    return entryFor(path, this.fileAt(path)?.file.size ?? 0, platform);
  }

  /** Firmware of PCs expects what is for a BIOS first: the entries stay in that order. */
  #setEntries(entries: readonly BootEntry[]): void {
    const of = (platform: Platform) => entries.filter((entry) => entry.platform === platform);
    this.#choose({ entries: [...of('bios'), ...of('uefi')] });
  }

  #choose(change: Partial<BootChoice>): void {
    this.#choice = { ...this.#choice, ...change };
    this.#project.onChange();
  }
}

/** Whether the planner patches an image, or looks into it. */
function needsBytes(entry: BootEntry, { entries, hybrid }: BootSection): boolean {
  const { infoTable, grub2Pointer, emulation } = entry;
  const isStarted = hybrid?.code?.loader === 'isolinux' && bootedFromDisk(entries) === entry;
  return infoTable || grub2Pointer || emulation === 'hardDisk' || isStarted;
}

async function readCode(node: FileNode | null): Promise<Uint8Array | null> {
  return node === null ? null : readFile(node);
}

/** The options of the planner. */
function optionsOf({ entries, id, hybrid }: BootSection, code: Uint8Array | null): ImageBoot {
  return {
    entries: entries.map(({ sectorCount, ...entry }) => ({
      ...entry,
      ...(sectorCount === null ? {} : { sectorCount }),
    })),
    id,
    ...(hybrid === null
      ? {}
      : {
          hybrid: {
            table: hybrid.table,
            systemPartition: hybrid.systemPartition,
            ...(hybrid.code === null || code === null
              ? {}
              : { code: { loader: hybrid.code.loader, bytes: code } }),
          },
        }),
  };
}

/** The options while files have to be found again: of the same size, and nothing is made of them before. */
function withoutBytes(boot: BootSection): ImageBoot {
  const entries = boot.entries.map((entry) => ({
    ...entry,
    infoTable: false,
    grub2Pointer: false,
    emulation: entry.emulation === 'hardDisk' ? ('none' as const) : entry.emulation,
  }));
  return optionsOf({ ...boot, entries }, null);
}

function lackingTable({ entries }: BootSection, heads: ReadonlyMap<string, Uint8Array>): Set<string> {
  const lack = entries.filter(({ image, platform, infoTable }) => {
    const head = heads.get(image);
    return platform === 'bios' && !infoTable && head !== undefined && isIsolinux(head);
  });
  return new Set(lack.map(({ image }) => image));
}
