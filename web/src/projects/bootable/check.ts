/** What keeps a disc from starting machines, found before anything is planned. Bytes come from whoever has read them. */
import type { FileNode } from '../../tree/model.ts';
import type { BootEntry, BootSection, MbrCode } from '../file/boot-section.ts';
import { FLOPPY_BYTES, floppyOf, GRUB2_POINTER_END, INFO_TABLE_END } from './known-images.ts';

/** Where in the card a problem is shown: at an entry, by its place, or at a group of fields. */
export type At = number | 'entries' | 'hybrid' | 'id';

export type BootProblem =
  | {
      kind:
        'nothing' | 'needsIso9660' | 'noImage' | 'notAscii' | 'idTooLong' | 'nothingForBios' | 'patchedTwice';
    }
  | { kind: 'onlyPrograms'; path: string }
  | {
      kind: 'missing' | 'empty' | 'efiProgram' | 'noBootRecord' | 'notIsolinux' | 'codeMissing';
      path: string;
    }
  | { kind: 'floppySize'; path: string; size: number; expected: number; isOther: boolean }
  | { kind: 'partitions'; path: string; count: number }
  | { kind: 'tooShort' | 'tooLarge'; path: string; size: number }
  | { kind: 'codeSize'; name: string; size: number };

export interface PlacedProblem {
  readonly at: At;
  readonly problem: BootProblem;
}

/** The files of the disc, and what was read of them. */
export interface Looked {
  fileAt: (path: string) => FileNode | null;
  /** The beginning of a file; `null` where the browser does not give it yet. */
  headOf: (path: string) => Uint8Array | null;
  hasIso9660: boolean;
  /** The first program of UEFI that was found, for which there may be no image. */
  efiProgram: string | null;
}

/** Bytes of the beginning of a file that are looked at: a master boot record. */
export const HEAD = 512;
/** Longest image whose bytes are read, to be patched or looked into. */
export const MOST_PATCHED = 256 * 1024 * 1024;
/** Most characters of an identification. El Torito 1.0, 2.1. */
export const ID_LENGTH = 24;
/** Lengths of code, by the loader that it starts. */
const CODE_BYTES = { isolinux: [432, 432], grub2: [512, 512], other: [1, 440] } as const;

export function findProblems(boot: BootSection, looked: Looked): PlacedProblem[] {
  const { entries } = boot;
  const found: PlacedProblem[] = entries.flatMap((entry, at) =>
    of(at, entryProblem(entry, looked) ?? (isPatchedTwice(entries, at) ? { kind: 'patchedTwice' } : null)),
  );
  return [
    ...of('entries', catalogProblem(entries, looked)),
    ...found,
    ...of('id', idProblem(boot.id)),
    ...of('hybrid', hybridProblem(boot, looked)),
  ];
}

function of(at: At, problem: BootProblem | null): PlacedProblem[] {
  return problem === null ? [] : [{ at, problem }];
}

function catalogProblem(entries: readonly BootEntry[], looked: Looked): BootProblem | null {
  if (entries.length > 0) {
    return looked.hasIso9660 ? null : { kind: 'needsIso9660' };
  }
  return looked.efiProgram === null ? { kind: 'nothing' } : { kind: 'onlyPrograms', path: looked.efiProgram };
}

function entryProblem(entry: BootEntry, looked: Looked): BootProblem | null {
  const path = entry.image;
  if (path === '') {
    return { kind: 'noImage' };
  }
  const size = looked.fileAt(path)?.file.size;
  if (size === undefined || size === 0) {
    return { kind: size === 0 ? 'empty' : 'missing', path };
  }
  const head = looked.headOf(path);
  if (entry.platform === 'uefi') {
    return isProgram(head) ? { kind: 'efiProgram', path } : null;
  }
  return emulationProblem(entry, size, head) ?? patchProblem(entry, size);
}

function emulationProblem(
  { image: path, emulation }: BootEntry,
  size: number,
  head: Uint8Array | null,
): BootProblem | null {
  if (emulation === 'none') {
    return null;
  }
  if (emulation !== 'hardDisk') {
    const expected = FLOPPY_BYTES[emulation];
    const isOther = floppyOf(size) !== 'none';
    return size === expected ? null : { kind: 'floppySize', path, size, expected, isOther };
  }
  if (size > MOST_PATCHED) {
    return { kind: 'tooLarge', path, size };
  }
  if (head === null) {
    return null;
  }
  const partitions = partitionsOf(head);
  if (partitions === null) {
    return { kind: 'noBootRecord', path };
  }
  return partitions === 1 ? null : { kind: 'partitions', path, count: partitions };
}

function patchProblem({ image: path, infoTable, grub2Pointer }: BootEntry, size: number): BootProblem | null {
  const least = grub2Pointer ? GRUB2_POINTER_END : infoTable ? INFO_TABLE_END : 0;
  if (size < least) {
    return { kind: 'tooShort', path, size };
  }
  return least > 0 && size > MOST_PATCHED ? { kind: 'tooLarge', path, size } : null;
}

/** Whether an entry before wants something else patched into the same image. */
function isPatchedTwice(entries: readonly BootEntry[], at: number): boolean {
  const entry = entries[at];
  return entries
    .slice(0, at)
    .some(
      (other) =>
        other.image === entry?.image &&
        (other.infoTable !== entry.infoTable || other.grub2Pointer !== entry.grub2Pointer),
    );
}

function idProblem(id: string): BootProblem | null {
  if (!/^[\x20-\x7e]*$/.test(id)) {
    return { kind: 'notAscii' };
  }
  return id.length > ID_LENGTH ? { kind: 'idTooLong' } : null;
}

function hybridProblem({ entries, hybrid }: BootSection, looked: Looked): BootProblem | null {
  const code = hybrid?.code ?? null;
  if (code === null) {
    return null;
  }
  const size = codeBytes(code, looked);
  if (size === null) {
    return { kind: 'codeMissing', path: 'path' in code ? code.path : code.name };
  }
  const [least, most] = CODE_BYTES[code.loader];
  if (size < least || size > most) {
    return { kind: 'codeSize', name: 'path' in code ? code.path : code.name, size };
  }
  const started = bootedFromDisk(entries);
  if (code.loader === 'other') {
    return null;
  }
  if (started === undefined) {
    return { kind: 'nothingForBios' };
  }
  const head = looked.headOf(started.image);
  const isWrong = code.loader === 'isolinux' && head !== null && !isIsolinux(head);
  return isWrong ? { kind: 'notIsolinux', path: started.image } : null;
}

function codeBytes(code: MbrCode, looked: Looked): number | null {
  return 'path' in code ? (looked.fileAt(code.path)?.file.size ?? null) : code.bytes.length;
}

/** The entry that code in a master boot record starts. */
export function bootedFromDisk(entries: readonly BootEntry[]): BootEntry | undefined {
  return entries.find(({ platform, emulation }) => platform === 'bios' && emulation === 'none');
}

/** Whether ISOLINUX can be started by a master boot record: its signature, of four bytes, is at byte 64. */
export function isIsolinux(head: Uint8Array): boolean {
  return [0xfb, 0xc0, 0x78, 0x70].every((byte, at) => head[64 + at] === byte);
}

/** Programs of UEFI begin as those of DOS do. */
function isProgram(head: Uint8Array | null): boolean {
  return head?.[0] === 0x4d && head[1] === 0x5a;
}

/** Partitions of a master boot record; `null` where there is none. El Torito 1.0, figure 3. */
function partitionsOf(head: Uint8Array): number | null {
  if (head[510] !== 0x55 || head[511] !== 0xaa) {
    return null;
  }
  return [0, 1, 2, 3].filter((record) => (head[446 + record * 16 + 4] ?? 0) !== 0).length;
}

/** Which machines start from what, as far as can be told. */
export interface Starts {
  readonly bios: { readonly disc: boolean; readonly stick: boolean };
  readonly uefi: { readonly disc: boolean; readonly stick: boolean };
}

export function startsOf({ entries, hybrid }: BootSection): Starts {
  const uefi = entries.some(({ platform }) => platform === 'uefi');
  const code = hybrid?.code ?? null;
  return {
    bios: {
      disc: entries.some(({ platform }) => platform === 'bios'),
      stick: code !== null && (code.loader === 'other' || bootedFromDisk(entries) !== undefined),
    },
    uefi: { disc: uefi, stick: uefi && hybrid !== null },
  };
}
