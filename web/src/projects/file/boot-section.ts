/**
 * `boot` of a project file: how an image starts machines. The store keeps the same, so that there is one reader. Nothing
 * is taken that is not known here: it would make another image.
 */
import type { Reader } from './project-file.ts';

export const PLATFORMS = ['bios', 'uefi'] as const;
export type Platform = (typeof PLATFORMS)[number];
/** What an image can pretend to be. El Torito 1.0, figure 3. */
export const EMULATIONS = ['none', 'floppy1200', 'floppy1440', 'floppy2880', 'hardDisk'] as const;
export type Emulation = (typeof EMULATIONS)[number];
export const TABLES = ['mbr', 'gpt', 'both'] as const;
export type PartitionTable = (typeof TABLES)[number];
export const LOADERS = ['isolinux', 'grub2', 'other'] as const;
export type Loader = (typeof LOADERS)[number];
export const SYSTEM_PARTITIONS = ['inPlace', 'appended'] as const;
export type SystemPartition = (typeof SYSTEM_PARTITIONS)[number];

/** Something that a machine can start. El Torito 1.0, 2.2. */
export interface BootEntry {
  readonly platform: Platform;
  /** Path of the boot image on the disc. */
  readonly image: string;
  readonly emulation: Emulation;
  /** Segment that a BIOS loads it to; 0 stands for 0x7C0. */
  readonly loadSegment: number;
  /** Sectors of 512 bytes that are loaded; `null` for what the platform expects. */
  readonly sectorCount: number | null;
  readonly infoTable: boolean;
  readonly grub2Pointer: boolean;
}

/** Code of a master boot record: a file of the disc, or one that is not on it and whose bytes are kept. */
export type MbrCode = { readonly loader: Loader } & (
  { readonly path: string } | { readonly name: string; readonly bytes: Uint8Array }
);

/** Partition tables, for machines that take the image for a disk: a USB stick. */
export interface Hybrid {
  readonly table: PartitionTable;
  readonly code: MbrCode | null;
  readonly systemPartition: SystemPartition;
}

export interface BootSection {
  readonly entries: readonly BootEntry[];
  /** Who made the disc: at most 24 characters of ASCII. El Torito 1.0, 2.1. */
  readonly id: string;
  readonly hybrid: Hybrid | null;
}

/** Most bytes that code of a master boot record has. */
export const MOST_CODE = 512;

/** The section as it is written. */
export function bootToJson({ entries, id, hybrid }: BootSection): unknown {
  return { entries, id, hybrid: hybrid === null ? null : { ...hybrid, code: codeToJson(hybrid.code) } };
}

function codeToJson(code: MbrCode | null): unknown {
  if (code === null || 'path' in code) {
    return code;
  }
  const { loader, name, bytes } = code;
  return { loader, name, bytes: btoa(String.fromCharCode(...bytes)) };
}

/** The section as it was written, or a `ProjectFileError` with what is wrong. */
export function readBoot(boot: Reader): BootSection {
  known(boot, ['entries', 'id', 'hybrid']);
  return {
    entries: boot.list('entries').map(readEntry),
    id: boot.text('id'),
    hybrid: boot.raw('hybrid') === null ? null : readHybrid(boot.object('hybrid')),
  };
}

function readEntry(entry: Reader): BootEntry {
  known(entry, ['platform', 'image', 'emulation', 'loadSegment', 'sectorCount', 'infoTable', 'grub2Pointer']);
  return {
    platform: choice(entry, 'platform', PLATFORMS),
    image: entry.path('image'),
    emulation: choice(entry, 'emulation', EMULATIONS),
    loadSegment: word(entry, 'loadSegment'),
    sectorCount: entry.raw('sectorCount') === null ? null : word(entry, 'sectorCount'),
    infoTable: flag(entry, 'infoTable'),
    grub2Pointer: flag(entry, 'grub2Pointer'),
  };
}

function readHybrid(hybrid: Reader): Hybrid {
  known(hybrid, ['table', 'code', 'systemPartition']);
  return {
    table: choice(hybrid, 'table', TABLES),
    code: hybrid.raw('code') === null ? null : readCode(hybrid.object('code')),
    systemPartition: choice(hybrid, 'systemPartition', SYSTEM_PARTITIONS),
  };
}

function readCode(code: Reader): MbrCode {
  const loader = choice(code, 'loader', LOADERS);
  if (code.raw('path') !== undefined) {
    known(code, ['loader', 'path']);
    return { loader, path: code.path('path') };
  }
  known(code, ['loader', 'name', 'bytes']);
  return { loader, name: code.text('name'), bytes: base64(code, 'bytes') };
}

function base64(code: Reader, name: string): Uint8Array {
  try {
    const bytes = Uint8Array.from(atob(code.text(name)), (each) => each.charCodeAt(0));
    if (bytes.length > 0 && bytes.length <= MOST_CODE) {
      return bytes;
    }
  } catch {
    // What is no base64 is as wrong as what is too long.
  }
  throw code.wrong(name);
}

function known(reader: Reader, names: readonly string[]): void {
  const other = reader.names.find((name) => !names.includes(name));
  if (other !== undefined) {
    throw reader.wrong(other);
  }
}

function choice<T extends string>(reader: Reader, name: string, choices: readonly T[]): T {
  const value = reader.raw(name);
  const found = choices.find((each) => each === value);
  if (found === undefined) {
    throw reader.wrong(name);
  }
  return found;
}

function flag(reader: Reader, name: string): boolean {
  const value = reader.raw(name);
  if (typeof value !== 'boolean') {
    throw reader.wrong(name);
  }
  return value;
}

/** A number of 16 bits. */
function word(reader: Reader, name: string): number {
  const value = reader.whole(name);
  if (value > 0xffff) {
    throw reader.wrong(name);
  }
  return value;
}
