/** The parts of a project file that only discs with a purpose have. */
import { readBoot, type BootSection } from './boot-section.ts';
import type { Reader } from './project-file.ts';
import { readVideo, type Player } from './video-section.ts';

export interface ProjectSections {
  boot?: BootSection;
  video?: Player;
}

/** The section that a project of this kind has. Throws a `ProjectFileError` when it is missing or makes no sense. */
export function readSections(kind: string, file: Reader): ProjectSections {
  switch (kind) {
    case 'bootable':
      return { boot: readBoot(file.object('boot')) };
    case 'video':
      return { video: readVideo(file) };
    default:
      return {};
  }
}
