/** What a disc is apart from its contents, as it is kept and exported. */
import { mediumById, type MediumId } from '../media/media.ts';
import { FILE_SYSTEM_IDS, type FileSystems } from './volume.ts';

/** Level of interchange of ISO 9660: how long names and large files may be. ECMA-119 10. */
export type IsoLevel = 1 | 2 | 3;

/** Files of any size. */
export const USUAL_ISO_LEVEL: IsoLevel = 3;

export interface DiscSettings {
  volumeId: string;
  /** Whether the user chose the name; else it follows what is added. */
  volumeTouched: boolean;
  created: number;
  medium: MediumId | null;
  fileSystems: FileSystems;
  fileSystemsTouched: boolean;
  isoLevel: IsoLevel;
}

export function isIsoLevel(value: unknown): value is IsoLevel {
  return value === 1 || value === 2 || value === 3;
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
  const { volumeId, volumeTouched, created, medium, fileSystems, fileSystemsTouched, isoLevel } = (value ??
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
    isoLevel: isIsoLevel(isoLevel) ? isoLevel : USUAL_ISO_LEVEL,
  };
}
