/** What a disc is apart from its contents, as it is kept and exported. */
import { mediumById, type MediumId } from '../media/media.ts';
import { FILE_SYSTEM_IDS, type FileSystems } from './volume.ts';

/** Level of interchange of ISO 9660: how long names and large files may be. ECMA-119 10. */
export type IsoLevel = 1 | 2 | 3;

/** Files of any size. */
export const USUAL_ISO_LEVEL: IsoLevel = 3;

/** Revisions of UDF, oldest first. */
export const UDF_REVISIONS = ['1.02', '1.50', '2.00', '2.01', '2.50', '2.60'] as const;
export type UdfRevision = (typeof UDF_REVISIONS)[number];

/** That of an image for no medium in particular: most systems read it. */
export const USUAL_UDF_REVISION: UdfRevision = '1.02';

export interface DiscSettings {
  volumeId: string;
  /** Whether the user chose the name; else it follows what is added. */
  volumeTouched: boolean;
  created: number;
  medium: MediumId | null;
  fileSystems: FileSystems;
  fileSystemsTouched: boolean;
  isoLevel: IsoLevel;
  /** `null` for that of the medium. */
  udfRevision: UdfRevision | null;
}

export function isIsoLevel(value: unknown): value is IsoLevel {
  return value === 1 || value === 2 || value === 3;
}

export function isUdfRevision(value: unknown): value is UdfRevision {
  return UDF_REVISIONS.some((revision) => revision === value);
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
  const { volumeId, volumeTouched, created, medium, fileSystems, fileSystemsTouched, isoLevel, udfRevision } =
    (value ?? {}) as Partial<DiscSettings>;
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
    udfRevision: isUdfRevision(udfRevision) ? udfRevision : null,
  };
}
