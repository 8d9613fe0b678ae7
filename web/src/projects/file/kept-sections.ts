/** Sections of a project file as the settings of a kept project: chosen by the user, and so not found anew. */
import type { KeptBoot } from '../bootable/boot-settings.ts';
import { bootToJson } from './boot-section.ts';
import type { ProjectSections } from './sections.ts';

export function keptSections({ boot, video }: ProjectSections): Record<string, unknown> {
  const kept: KeptBoot | undefined =
    boot === undefined ? undefined : { section: bootToJson(boot), entriesChosen: true, hybridChosen: true };
  return {
    ...(kept === undefined ? {} : { boot: kept }),
    ...(video === undefined ? {} : { video }),
  };
}
