/** The volume name and the file systems of a disc, as the user chooses them. */

/** Characters a volume name may have: ECMA-119 8.4.7 gives the Volume Identifier 32 bytes. */
export const VOLUME_LENGTH = 32;
/** Joliet stores two bytes for each character in the same 32 bytes. */
export const JOLIET_LENGTH = 16;

export type VolumeProblem = 'empty' | 'long' | 'control';

export interface FileSystems {
  iso9660: boolean;
  joliet: boolean;
  rockRidge: boolean;
  udf: boolean;
}

export type FileSystemId = keyof FileSystems;

export const FILE_SYSTEM_IDS: readonly FileSystemId[] = ['iso9660', 'joliet', 'rockRidge', 'udf'];

function codePoints(text: string): string[] {
  return Array.from(text);
}

/** What is wrong with a volume name, if anything. */
export function checkVolume(name: string): VolumeProblem | null {
  if (name.trim() === '') {
    return 'empty';
  }
  if (/\p{Cc}/u.test(name)) {
    return 'control';
  }
  return codePoints(name).length > VOLUME_LENGTH ? 'long' : null;
}

/** A volume name made from what was added first, short enough to be used as it is. */
export function suggestVolume(name: string): string {
  return codePoints(name.replace(/\p{Cc}/gu, ' ').trim())
    .slice(0, VOLUME_LENGTH)
    .join('')
    .trim();
}

/** The name of one volume of several: with its number at the end, for which the name gives way. */
export function numberedVolume(name: string, number: number, of: number): string {
  const suffix = ` ${number}-${of}`;
  const room = VOLUME_LENGTH - suffix.length;
  return codePoints(name.trim()).slice(0, room).join('').trimEnd() + suffix;
}

/** The name for a disc about which nothing is known yet. */
export function defaultVolume(today: Date): string {
  const pad = (n: number) => String(n).padStart(2, '0');
  return `DISC_${today.getFullYear()}_${pad(today.getMonth() + 1)}_${pad(today.getDate())}`;
}

/** Turns a file system on or off together with those that cannot be without it: Joliet and Rock Ridge need ISO 9660. */
export function toggleFileSystem(systems: FileSystems, id: FileSystemId, on: boolean): FileSystems {
  const next = { ...systems, [id]: on };
  if (on && (id === 'joliet' || id === 'rockRidge')) {
    next.iso9660 = true;
  }
  if (!on && id === 'iso9660') {
    next.joliet = false;
    next.rockRidge = false;
  }
  return next;
}

/** A disc needs one file system at least. */
export function hasFileSystem(systems: FileSystems): boolean {
  return systems.iso9660 || systems.udf;
}
