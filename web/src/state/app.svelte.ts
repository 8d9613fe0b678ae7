import { Planner } from '../planner/client.ts';
import { BLOCK_SIZE, mediumById, smallestFor, type MediumId } from '../media/media.ts';
import type { Dropped, IntakeReport } from '../tree/intake.ts';
import type { DirectoryNode } from '../tree/model.ts';
import { t } from '../strings/strings.ts';
import { Agent } from './agent.svelte.ts';
import { Burning, mediumRoom } from './burning.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Planning } from './planning.svelte.ts';
import { Project } from './project.svelte.ts';
import { Saving } from './saving.svelte.ts';
import { StepNotices } from './step-notices.ts';

/** What the capacity bar measures against. */
export type MediumChoice = MediumId | 'auto' | 'drive';

export interface CapacityTarget {
  label: string;
  bytes: number;
}

/** The whole app: its parts, and what concerns more than one of them. */
export class App {
  readonly #planner = new Planner();
  readonly notices = new Notices();
  readonly project = new Project();
  readonly steps = new StepNotices(this.notices, this.project.edits);
  readonly planning = new Planning(this.project, this.#planner);
  readonly saving = new Saving(this.planning, this.notices);
  readonly agent = new Agent(this.notices);
  readonly burning = new Burning(this.agent, this.planning);
  medium = $state<MediumChoice>('auto');

  constructor() {
    this.project.onChange = () => {
      this.planning.schedule();
    };
    this.#planner.warmUp();
  }

  /** The disc the image is measured against. */
  get capacity(): CapacityTarget {
    const drive = this.burning.drive;
    if (this.medium === 'drive' && drive !== null && drive.medium !== null) {
      return { label: drive.medium.label, bytes: mediumRoom(drive) };
    }
    const bytes = this.planning.size?.sizeBytes ?? this.project.tree.root.size;
    const chosen = this.medium === 'auto' || this.medium === 'drive' ? undefined : mediumById(this.medium);
    const medium = chosen ?? smallestFor(bytes) ?? mediumById('bd-ql');
    return { label: medium?.label ?? '', bytes: (medium?.blocks ?? 0) * BLOCK_SIZE };
  }

  /** Measures against another disc, and makes the image for it when it is one of the kinds known. */
  setMedium(choice: MediumChoice): void {
    this.medium = choice;
    this.project.setMedium(choice === 'auto' || choice === 'drive' ? null : (mediumById(choice) ?? null));
  }

  async drop(dropped: Dropped, target: DirectoryNode): Promise<void> {
    this.#report(await this.project.addDropped(dropped, target));
  }

  async pick(files: Iterable<File>): Promise<void> {
    this.#report(await this.project.addPicked(files));
  }

  #report(report: IntakeReport | null): void {
    if (report === null) {
      this.notices.info(t.contents.stopped);
      return;
    }
    const { unreadable, replaced, renamed, spelt } = report;
    const more = [
      ...(replaced > 0 ? [t.contents.replaced(replaced)] : []),
      ...(renamed > 0 ? [t.contents.renamed(renamed)] : []),
      ...(spelt.length > 0 ? [t.contents.spelt(spelt[0] ?? '', spelt.length - 1)] : []),
    ];
    if (report.files + report.directories > 0) {
      this.steps.say(
        this.project.edits.last,
        [t.contents.added(report.files, report.directories), ...more].join(' '),
      );
    }
    if (unreadable.length > 0) {
      this.notices.error(
        t.contents.unreadableTitle(unreadable.length),
        t.contents.unreadableText(unreadable[0] ?? '', unreadable.length - 1),
      );
    }
  }
}
