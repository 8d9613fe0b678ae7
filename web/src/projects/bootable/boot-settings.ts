/** What is kept of how a disc starts machines. */
import { bootToJson, readBoot, type BootEntry, type BootSection, type Hybrid } from '../file/boot-section.ts';
import { Reader } from '../file/project-file.ts';

/** As it lies in the store. What was not chosen is found anew when the project is opened. */
export interface KeptBoot {
  readonly section: unknown;
  readonly entriesChosen: boolean;
  readonly hybridChosen: boolean;
}

/** What the user chose in place of what was found; `null` where that was left as it is. */
export interface BootChoice {
  readonly entries: readonly BootEntry[] | null;
  /** Partition tables, and which ones: `none` is a choice, too. */
  readonly hybrid: Hybrid | 'none' | null;
  readonly id: string;
}

export const NO_CHOICE: BootChoice = { entries: null, hybrid: null, id: '' };

export function keepChoice({ entries, hybrid, id }: BootChoice): KeptBoot {
  const section: BootSection = {
    entries: complete(entries ?? []),
    id,
    hybrid: hybrid === 'none' ? null : hybrid,
  };
  return { section: bootToJson(section), entriesChosen: entries !== null, hybridChosen: hybrid !== null };
}

/** A kept choice; what cannot be read counts as none. */
export function keptChoice(settings: unknown): BootChoice {
  const { boot } = (settings ?? {}) as { boot?: Partial<KeptBoot> };
  try {
    const { entries, id, hybrid } = readBoot(new Reader(boot?.section, 'boot'));
    return {
      entries: boot?.entriesChosen === true ? entries : null,
      hybrid: boot?.hybridChosen === true ? (hybrid ?? 'none') : null,
      id,
    };
  } catch {
    return NO_CHOICE;
  }
}

/** The entries for which a file was chosen. */
export function complete(entries: readonly BootEntry[]): BootEntry[] {
  return entries.filter(({ image }) => image !== '');
}
