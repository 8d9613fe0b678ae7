import { describe, expect, test } from 'vitest';
import type { FileNode } from '../../tree/model.ts';
import type { BootEntry, BootSection, Hybrid } from '../file/boot-section.ts';
import { findProblems, HEAD, startsOf } from './check.ts';
import { codeIn } from './code-file.ts';
import { hexadecimal, wholeNumber } from './numbers.ts';

const ENTRY: BootEntry = {
  platform: 'bios',
  image: 'a.bin',
  emulation: 'none',
  loadSegment: 0,
  sectorCount: null,
  infoTable: false,
  grub2Pointer: false,
};
const UEFI: BootEntry = { ...ENTRY, platform: 'uefi', image: 'efi.img' };
const HYBRID: Hybrid = { table: 'both', code: null, systemPartition: 'inPlace' };
const CODE: Hybrid = {
  ...HYBRID,
  code: { loader: 'isolinux', name: 'isohdpfx.bin', bytes: new Uint8Array(432) },
};

/** The first bytes of a disk with so many partitions. */
function disk(partitions: number): Uint8Array {
  const head = new Uint8Array(HEAD);
  head.set([0x55, 0xaa], 510);
  for (let record = 0; record < partitions; record += 1) {
    head[446 + record * 16 + 4] = 1;
  }
  return head;
}

const ISOLINUX = new Uint8Array(HEAD);
ISOLINUX.set([0xfb, 0xc0, 0x78, 0x70], 64);

interface Given extends Partial<BootSection> {
  size?: number;
  head?: Uint8Array;
  hasIso9660?: boolean;
  efiProgram?: string;
}

function problems({ size = 24_576, head, hasIso9660 = true, efiProgram, ...boot }: Given) {
  const file = (path: string): FileNode => ({
    kind: 'file',
    id: 1,
    name: path,
    parent: null,
    details: null,
    file: { size, lastModified: 0 },
  });
  return findProblems(
    { entries: [ENTRY], id: '', hybrid: null, ...boot },
    {
      fileAt: (path) => (path === 'gone' ? null : file(path)),
      headOf: () => head ?? null,
      hasIso9660,
      efiProgram: efiProgram ?? null,
    },
  );
}

describe('what keeps a disc from starting machines', () => {
  test('is nothing in what is usual', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ entries: [ENTRY, UEFI], hybrid: CODE, id: 'Debian 13', head: ISOLINUX })).toEqual([]);
    expect(problems({ entries: [{ ...ENTRY, emulation: 'hardDisk' }], head: disk(1) })).toEqual([]);
    expect(problems({ entries: [{ ...ENTRY, emulation: 'floppy1440' }], size: 1_474_560 })).toEqual([]);
  });

  test.each<[string | number, object, Given]>([
    ['entries', { kind: 'nothing' }, { entries: [] }],
    [
      'entries',
      { kind: 'onlyPrograms', path: 'EFI/BOOT/BOOTX64.EFI' },
      { entries: [], efiProgram: 'EFI/BOOT/BOOTX64.EFI' },
    ],
    ['entries', { kind: 'needsIso9660' }, { hasIso9660: false }],
    [0, { kind: 'noImage' }, { entries: [{ ...ENTRY, image: '' }] }],
    [0, { kind: 'missing', path: 'gone' }, { entries: [{ ...ENTRY, image: 'gone' }] }],
    [0, { kind: 'empty', path: 'a.bin' }, { size: 0 }],
    [0, { kind: 'efiProgram', path: 'efi.img' }, { entries: [UEFI], head: Uint8Array.of(0x4d, 0x5a) }],
    [
      0,
      { kind: 'floppySize', path: 'a.bin', size: 1_474_560, expected: 1_228_800, isOther: true },
      { entries: [{ ...ENTRY, emulation: 'floppy1200' }], size: 1_474_560 },
    ],
    [0, { kind: 'noBootRecord' }, { entries: [{ ...ENTRY, emulation: 'hardDisk' }], head: ISOLINUX }],
    [0, { kind: 'partitions', count: 2 }, { entries: [{ ...ENTRY, emulation: 'hardDisk' }], head: disk(2) }],
    [0, { kind: 'tooShort', size: 63 }, { entries: [{ ...ENTRY, infoTable: true }], size: 63 }],
    [0, { kind: 'tooShort', size: 2555 }, { entries: [{ ...ENTRY, grub2Pointer: true }], size: 2555 }],
    [0, { kind: 'tooLarge' }, { entries: [{ ...ENTRY, infoTable: true }], size: 2 ** 30 }],
    [1, { kind: 'patchedTwice' }, { entries: [ENTRY, { ...ENTRY, infoTable: true }] }],
    ['id', { kind: 'notAscii' }, { id: 'Größe' }],
    ['id', { kind: 'idTooLong' }, { id: 'x'.repeat(25) }],
    ['hybrid', { kind: 'nothingForBios' }, { entries: [UEFI], hybrid: CODE }],
    ['hybrid', { kind: 'notIsolinux', path: 'a.bin' }, { hybrid: CODE, head: new Uint8Array(HEAD) }],
    [
      'hybrid',
      { kind: 'codeMissing', path: 'gone' },
      { hybrid: { ...HYBRID, code: { loader: 'isolinux', path: 'gone' } } },
    ],
    [
      'hybrid',
      { kind: 'codeSize', size: 24_576 },
      { hybrid: { ...HYBRID, code: { loader: 'other', path: 'x' } } },
    ],
  ])('at %s: %j', (at, problem, given) => {
    const found = problems(given);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ at, problem });
  });

  test('is not guessed where files have to be found again', () => {
    expect(problems({ entries: [{ ...ENTRY, emulation: 'hardDisk' }] })).toEqual([]);
  });
});

test('which machines start is told from entries and tables', () => {
  const starts = (entries: BootEntry[], hybrid: Hybrid | null) => {
    const { bios, uefi } = startsOf({ entries, id: '', hybrid });
    return [bios.disc, bios.stick, uefi.disc, uefi.stick];
  };
  expect(starts([ENTRY, UEFI], CODE)).toEqual([true, true, true, true]);
  expect(starts([ENTRY, UEFI], HYBRID)).toEqual([true, false, true, true]);
  expect(starts([ENTRY, UEFI], null)).toEqual([true, false, true, false]);
  expect(starts([UEFI], HYBRID)).toEqual([false, false, true, true]);
});

describe('start code', () => {
  const saying = (length: number, word: string, signed = false): Blob => {
    const bytes = new Uint8Array(length);
    bytes.set(new TextEncoder().encode(word), 100);
    if (signed) {
      bytes.set([0x55, 0xaa], 510);
    }
    return new Blob([bytes]);
  };

  test.each<[string, Blob, string | null, number]>([
    ['of ISOLINUX', saying(432, 'isolinux.bin missing'), 'isolinux', 432],
    ['of GRUB', saying(512, 'GRUB '), 'grub2', 512],
    ['of another', saying(440, 'something'), 'other', 440],
    ['out of an image', saying(9000, 'isolinux.bin missing', true), 'isolinux', 432],
    ['out of an image of GRUB', saying(9000, 'GRUB ', true), 'grub2', 512],
    ['that is none', saying(9000, 'isolinux'), null, 0],
    ['that is too long', saying(500, 'something'), null, 0],
    ['that is empty', new Blob([]), null, 0],
  ])('%s', async (_, file, loader, length) => {
    const found = await codeIn(file);
    expect([found?.loader ?? null, found?.bytes.length ?? 0]).toEqual([loader, length]);
  });
});

test('numbers are read as they are typed', () => {
  expect(['', '7C0', '0x7c0', '7C0h', '10000', 'x'].map(hexadecimal)).toEqual([
    null,
    0x7c0,
    0x7c0,
    0x7c0,
    undefined,
    undefined,
  ]);
  expect(['', ' 8 ', '65535', '65536', '-1', '1.5'].map(wholeNumber)).toEqual([
    null,
    8,
    65535,
    undefined,
    undefined,
    undefined,
  ]);
});
