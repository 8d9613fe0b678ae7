import { asDiscSettings, type DiscSettings } from '../disc/settings.ts';
import { outlineOf, type Outline } from '../inlay/inlay.ts';
import { BLOCK_SIZE, mediumById, mediumOf, smallestFor, type Medium, type MediumId } from '../media/media.ts';
import type { Planner } from '../planner/client.ts';
import type { Purpose } from '../projects/disc/purpose.ts';
import type { OpenProject } from '../projects/kinds.ts';
import { chooseTarget, fileName, nameOf, orNothing, saveImage } from '../save/save.ts';
import { takeHandles, type Handles } from '../store/handles.ts';
import { Keeping } from '../store/keeping.svelte.ts';
import type { Changes, KeptProject, ProjectHeader } from '../store/project-store.ts';
import { Reunion, type FindContent } from '../store/reunion.svelte.ts';
import { TreeKeeper } from '../store/tree-pieces.ts';
import { t, withWords } from '../strings/strings.ts';
import { lift } from '../tree/edits.ts';
import { namesOf, type Given } from '../tree/given.ts';
import type { Step } from '../tree/history.ts';
import type { IntakeReport } from '../tree/intake.ts';
import type { DirectoryNode, TreeNode } from '../tree/model.ts';
import type { Agent } from './agent.svelte.ts';
import type { Burnable, OnChecked, ReadyImage, Unready } from './burnable.ts';
import { mediumRoom, type Burning } from './burning.svelte.ts';
import { explain } from './explain.ts';
import type { Notices } from './notices.svelte.ts';
import { Planning } from './planning.svelte.ts';
import { Project } from './project.svelte.ts';
import { Saving } from './saving.svelte.ts';
import type { Shell } from './shell.svelte.ts';
import type { Splitting } from './splitting.svelte.ts';
import { StepNotices } from './step-notices.ts';

/** What the capacity bar measures against. */
export type MediumChoice = MediumId | 'auto' | 'drive';

export interface CapacityTarget {
  label: string;
  bytes: number;
}

/** A disc that is put together from files: its parts, and what concerns more than one of them. `P` is what it is for. */
export class App<P extends Purpose | null = Purpose | null> implements OpenProject, Burnable {
  readonly notices: Notices;
  readonly agent: Agent;
  readonly burning: Burning;
  readonly project = new Project();
  readonly purpose: P;
  readonly steps: StepNotices;
  readonly planning: Planning;
  readonly saving: Saving;
  readonly reunion: Reunion;
  readonly keeping: Keeping;
  readonly uploaded = null;
  medium = $state<MediumChoice>('auto');
  /** There once a disc was divided, for which it is loaded. */
  splitting = $state.raw<Splitting | null>(null);

  readonly #shell: Shell;
  readonly #keeper: TreeKeeper;
  /** The name the user gave the project, which else is called like its volume. */
  #title = $state('');
  #header: ProjectHeader;

  constructor(shell: Shell, planner: Planner, kept: KeptProject, purposeOf: (project: Project) => P) {
    this.#shell = shell;
    this.notices = shell.notices;
    this.agent = shell.agent;
    this.burning = shell.burning;
    this.steps = new StepNotices(this.notices, this.project.edits);
    this.purpose = purposeOf(this.project);
    this.planning = new Planning(this.project, planner, this.purpose);
    this.saving = new Saving(this.planning, this.notices);
    this.#header = kept.header;
    this.reunion = new Reunion(this.project.tree, kept, {
      changed: () => {
        this.project.treeChanged();
      },
      leaveOut: (count, work) => {
        this.project.edits.leaveOut(count, work);
      },
    });
    this.#keeper = new TreeKeeper(this.reunion.origins);
    this.keeping = new Keeping(shell.store, (signal) => this.#changes(signal));
    this.#restore(kept);
    this.project.onChange = () => {
      this.planning.schedule();
      this.reunion.recount();
      this.keeping.schedule();
    };
    if (kept.isNew && kept.header.settings !== null) {
      this.keeping.schedule();
    }
    planner.warmUp();
  }

  get title(): string {
    return this.#title === '' ? this.project.volume.trim() : this.#title;
  }

  get name(): string {
    return this.project.volume.trim();
  }

  get busy(): boolean {
    return this.saving.busy || this.splitting?.busy === true;
  }

  get sizeBytes(): number {
    return this.planning.size?.sizeBytes ?? 0;
  }

  get unready(): Unready | null {
    const { status } = this.planning.state;
    if (this.reunion.state.stage !== 'complete') {
      return 'absent';
    }
    if (this.project.intake !== null && status !== 'empty') {
      return 'planning';
    }
    return status === 'ready'
      ? null
      : status === 'empty'
        ? 'empty'
        : status === 'failed'
          ? 'planFailed'
          : 'planning';
  }

  /** The disc the image is measured against. */
  get capacity(): CapacityTarget {
    const drive = this.burning.drive;
    if (this.medium === 'drive' && drive !== null && drive.medium !== null) {
      return { label: drive.medium.label, bytes: mediumRoom(drive) };
    }
    const bytes = this.planning.size?.sizeBytes ?? this.project.tree.root.size;
    const medium = this.#chosen ?? smallestFor(bytes) ?? mediumById('bd-ql');
    return { label: medium?.label ?? '', bytes: (medium?.blocks ?? 0) * BLOCK_SIZE };
  }

  outline(): Outline {
    return outlineOf(this.project.tree.root);
  }

  async open(signal: AbortSignal, onChecked?: OnChecked): Promise<ReadyImage> {
    const image = await this.planning.image(signal);
    await image.check(signal, onChecked);
    return image;
  }

  /** Another project may have had the planner meanwhile, which holds one plan at a time. */
  shown(): void {
    this.planning.schedule();
    void this.reunion.begin();
  }

  /** Takes files that the page still has from another project. Plans nothing: that has the planner. */
  async giveBack(find: FindContent): Promise<void> {
    await this.reunion.giveBack(find);
    this.planning.rest();
  }

  keep(): Promise<void> {
    return this.keeping.now();
  }

  discard(): void {
    this.keeping.stop();
  }

  rename(name: string): void {
    this.#title = name.trim();
    this.keeping.schedule();
  }

  /** Measures against another disc, and makes the image for it when it is one of the kinds known. */
  setMedium(choice: MediumChoice): void {
    this.medium = choice;
    this.project.setMedium(this.#chosen ?? null);
  }

  /** Another disc may be in the drive: what is made for that is made anew. */
  followDrive(): void {
    const medium = this.#chosen;
    if (this.medium === 'drive' && medium !== undefined && medium !== this.project.medium) {
      this.project.setMedium(medium);
    }
  }

  /** The medium that is chosen, if one is. */
  get #chosen(): Medium | undefined {
    if (this.medium === 'auto') {
      return undefined;
    }
    if (this.medium !== 'drive') {
      return mediumById(this.medium);
    }
    const disc = this.burning.drive?.medium;
    return disc === undefined || disc === null ? undefined : mediumOf(disc.kind, disc.capacityBlocks);
  }

  /** Works out how what is too large for one disc goes on several. */
  async split(): Promise<void> {
    try {
      const { Splitting } = await withWords(import('./splitting.svelte.ts'), 'split');
      this.splitting ??= new Splitting(this, this.#shell);
      await this.splitting.plan();
    } catch (error) {
      const { what, todo } = explain(error);
      this.notices.error(what, todo);
    }
  }

  drop(dropped: Given, target: DirectoryNode = this.project.tree.root): void {
    void this.#add(dropped, target, takeHandles());
  }

  pick(given: Given, handles: Handles): void {
    void this.#add(given, this.project.edits.target, Promise.resolve(handles));
  }

  async #add(given: Given, target: DirectoryNode, handles: Promise<Handles>): Promise<void> {
    const { report, step } = await this.project.add(given, target, async (top) =>
      this.reunion.note(top, await handles),
    );
    // There is no report of an intake that was stopped.
    const lifted = await this.#lift(report?.added ?? namedIn(target, namesOf(given)), step);
    this.keeping.schedule();
    this.#report(report, step, lifted);
  }

  /** Saves the project as one file, which opens in any browser and on the command line. */
  async exportFile(): Promise<void> {
    try {
      const name = fileName(this.title, 'discwright');
      const target = await chooseTarget(name, { accept: { 'application/json': ['.discwright'] } });
      if (target !== null) {
        await orNothing(target, async () => {
          await saveImage(await this.#projectFile(), target, () => undefined, new AbortController().signal);
        });
        this.notices.info(t.file.exported(nameOf(target)));
      }
    } catch (error) {
      const { what, todo } = explain(error);
      this.notices.error(what, todo);
    }
  }

  #restore({ header, pieces, isNew }: KeptProject): void {
    const settings = asDiscSettings(header.settings);
    const damaged = this.#keeper.restore(this.project.tree, pieces, isNew);
    this.purpose?.restore(header.settings);
    if (settings !== null) {
      this.medium = settings.medium ?? 'auto';
      this.project.restore(settings);
      this.#title = header.name === this.name ? '' : header.name;
    } else {
      this.#title = header.name;
      this.project.created = header.created;
    }
    if (damaged > 0 || (settings === null && header.settings !== null)) {
      this.notices.error(t.store.damagedTitle(this.title), t.store.damagedText);
    }
  }

  async #projectFile(): Promise<Blob> {
    await this.planning.settled();
    const { volumeId, created, medium, fileSystems, isoLevel, udfRevision } = this.project.settings;
    const [{ entriesOf }, { writeProjectFile }] = await Promise.all([
      import('../projects/file/exchange.ts'),
      import('../projects/file/project-file.ts'),
    ]);
    return writeProjectFile({
      kind: this.#header.kind,
      name: this.title,
      volumeId: volumeId.trim(),
      created,
      medium,
      fileSystems: { ...fileSystems },
      options: { isoLevel, ...(udfRevision === null ? {} : { udfRevision }) },
      ...this.purpose?.sections,
      entries: await entriesOf(this.project.tree, this.reunion.origins),
    });
  }

  async #changes(signal: AbortSignal): Promise<(Changes & { kept: () => void }) | null> {
    const { pieces, gone, kept } = await this.#keeper.changes(this.project.tree, signal);
    const { roots, done } = this.reunion.takeRoots();
    const { size, files } = this.project.totals;
    const disc: DiscSettings = { ...this.project.settings, fileSystems: { ...this.project.fileSystems } };
    const settings = { ...disc, ...this.purpose?.settings };
    const header = { ...this.#header, name: this.title, changed: Date.now(), size, files, settings };
    return {
      header,
      pieces,
      gone,
      roots,
      kept: () => {
        this.#header = header;
        kept();
        done();
      },
    };
  }

  /** Puts what was added where the purpose of the disc wants it; answers with the name of the folder it was in. */
  async #lift(added: readonly TreeNode[], step: Step | null): Promise<string | null> {
    const { edits, tree } = this.project;
    const top = (await this.purpose?.findTop(added)) ?? null;
    if (top === null || step === null) {
      return null;
    }
    let done = false as boolean;
    edits.extend(step, () => {
      done = lift(tree, top);
    });
    this.project.treeChanged();
    return done ? top.name : null;
  }

  #report(report: IntakeReport | null, step: Step | null, lifted: string | null): void {
    if (report === null) {
      this.notices.info(t.contents.stopped);
      return;
    }
    const { unreadable, replaced, renamed, spelt } = report;
    const more = [
      ...(replaced > 0 ? [t.contents.replaced(replaced)] : []),
      ...(renamed > 0 ? [t.contents.renamed(renamed)] : []),
      ...(lifted === null ? [] : [t.contents.lifted(lifted)]),
      ...(spelt.length > 0 ? [t.contents.spelt(spelt[0] ?? '', spelt.length - 1)] : []),
    ];
    if (report.files + report.directories > 0) {
      this.steps.say(step, [t.contents.added(report.files, report.directories), ...more].join(' '));
    }
    if (unreadable.length > 0) {
      this.notices.error(
        t.contents.unreadableTitle(unreadable.length),
        t.contents.unreadableText(unreadable[0] ?? '', unreadable.length - 1),
      );
    }
  }
}

function namedIn(directory: DirectoryNode, names: Iterable<string>): TreeNode[] {
  return Array.from(names, (name) => directory.children.get(name)).filter((node) => node !== undefined);
}
