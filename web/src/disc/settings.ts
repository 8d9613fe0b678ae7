/** What a disc is apart from its contents, as it is kept and exported. */
import { mediumById, type MediumId } from '../media/media.ts';
import { FILE_SYSTEM_IDS, type FileSystems } from './volume.ts';

export interface DiscSettings {
  volumeId: string;
  /** Whether the user chose the name; else it follows what is added. */
  volumeTouched: boolean;
  created: number;
  medium: MediumId | null;
  fileSystems: FileSystems;
  fileSystemsTouched: boolean;
}

export function isFileSystems(value: unknown): value is FileSystems {
  const systems = (value ?? {}) as Partial<Record<string, unknown>>;
  return FILE_SYSTEM_IDS.every((id) => typeof systems[id] === 'boolean');
}

export function isMediumId(value: unknown): value is MediumId {
  return typeof value === 'string' && mediumById(value as MediumId) !== undefined;
}

/** Kept settings, or `null` when they are none. */
export function asDiscSettings(value: unknown): DiscSettings | null {
  const { volumeId, volumeTouched, created, medium, fileSystems, fileSystemsTouched } = (value ??
    {}) as Partial<DiscSettings>;
  if (
    typeof volumeId !== 'string' ||
    !Number.isSafeInteger(created) ||
    (medium !== null && !isMediumId(medium)) ||
    !isFileSystems(fileSystems)
  ) {
    return null;
  }
  return {
    volumeId,
    volumeTouched: volumeTouched === true,
    created: created ?? 0,
    medium,
    fileSystems,
    fileSystemsTouched: fileSystemsTouched === true,
  };
}
