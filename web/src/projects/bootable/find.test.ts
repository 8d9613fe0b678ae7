import { describe, expect, test } from 'vitest';
import { lift } from '../../tree/edits.ts';
import { ContentTree, pathOf, type DirectoryNode } from '../../tree/model.ts';
import { findBoot, findTop, proposeHybrid } from './find.ts';

/** A tree with files of these lengths. */
function treeOf(files: Record<string, number>): ContentTree {
  const tree = new ContentTree();
  for (const [path, size] of Object.entries(files)) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    let parent: DirectoryNode = tree.root;
    for (const each of names) {
      parent = tree.addDirectory(parent, each);
    }
    tree.addFile(parent, name, { size, lastModified: 0 });
  }
  return tree;
}

const DEBIAN = {
  'isolinux/isolinux.bin': 24_576,
  'isolinux/isolinux.cfg': 100,
  'isolinux/ldlinux.c32': 116_000,
  'boot/grub/efi.img': 2_949_120,
  'EFI/BOOT/BOOTX64.EFI': 1_000_000,
};
const WINDOWS = {
  'boot/etfsboot.com': 4096,
  'efi/microsoft/boot/efisys.bin': 1_474_560,
  'efi/microsoft/boot/efisys_noprompt.bin': 1_474_560,
  'sources/install.wim': 5_000_000_000,
};

async function entriesOf(files: Record<string, number>) {
  return (await findBoot(treeOf(files).root)).entries;
}

describe('boot images are found', () => {
  test('of ISOLINUX and UEFI, with what they need', async () => {
    expect(await entriesOf(DEBIAN)).toEqual([
      {
        platform: 'bios',
        image: 'isolinux/isolinux.bin',
        emulation: 'none',
        loadSegment: 0,
        sectorCount: null,
        infoTable: true,
        grub2Pointer: false,
      },
      {
        platform: 'uefi',
        image: 'boot/grub/efi.img',
        emulation: 'none',
        loadSegment: 0,
        sectorCount: null,
        infoTable: false,
        grub2Pointer: false,
      },
    ]);
  });

  test.each<[string, Record<string, number>, object[]]>([
    [
      'Windows',
      WINDOWS,
      [
        { image: 'boot/etfsboot.com', sectorCount: 8, infoTable: false },
        { image: 'efi/microsoft/boot/efisys.bin', platform: 'uefi', emulation: 'none' },
      ],
    ],
    [
      'GRUB',
      { 'boot/grub/i386-pc/eltorito.img': 30_000, 'efi.img': 5 },
      [{ image: 'boot/grub/i386-pc/eltorito.img', infoTable: true, grub2Pointer: true }, {}],
    ],
    [
      'GRUB under its other name, too short to be patched',
      { 'boot/grub/bios.img': 100 },
      [{ infoTable: true, grub2Pointer: false }],
    ],
    ['names in capitals', { 'ISOLINUX/ISOLINUX.BIN': 9000 }, [{ image: 'ISOLINUX/ISOLINUX.BIN' }]],
    ['the one least deep', { 'a/b/isolinux.bin': 9, 'c/isolinux.bin': 9 }, [{ image: 'c/isolinux.bin' }]],
    ['a diskette', { 'dos.img': 1_474_560 }, [{ image: 'dos.img', emulation: 'floppy1440' }]],
    ['a diskette of 2.88 MB', { 'x/y.ima': 2_949_120 }, [{ emulation: 'floppy2880' }]],
    ['no diskette of UEFI', { 'my-efi-part.img': 2_949_120 }, []],
    ['nothing in other files', { 'readme.txt': 5, 'data.img': 1000, 'EFI/BOOT/BOOTX64.EFI': 9 }, []],
    ['nothing in empty files', { 'isolinux/isolinux.bin': 0 }, []],
  ])('%s', async (_, files, expected) => {
    const entries = await entriesOf(files);
    expect(entries).toHaveLength(expected.length);
    expect(entries).toMatchObject(expected);
  });

  test('and what else may be one is listed, likely ones first', async () => {
    const found = await findBoot(treeOf({ ...DEBIAN, 'a.img': 7, 'isolinux/isohdpfx.bin': 432 }).root);
    expect(found.images.map(({ path }) => path)).toEqual([
      'isolinux/isolinux.bin',
      'boot/grub/efi.img',
      'a.img',
    ]);
    expect(found.codes.map(({ path }) => path)).toEqual(['isolinux/isohdpfx.bin']);
    expect(found.efiPrograms.map(({ path }) => path)).toEqual(['EFI/BOOT/BOOTX64.EFI']);
  });
});

describe('partition tables are proposed', () => {
  test.each<[string, Record<string, number>, object | null]>([
    ['for UEFI', DEBIAN, { table: 'both', code: null, systemPartition: 'inPlace' }],
    [
      'for both, with code',
      { ...DEBIAN, 'isohdpfx.bin': 432 },
      { table: 'both', code: { loader: 'isolinux', path: 'isohdpfx.bin' } },
    ],
    [
      'for a BIOS alone',
      { 'isolinux.bin': 9000, 'x/isohdpfx.bin': 432 },
      { table: 'mbr', code: { loader: 'isolinux' } },
    ],
    [
      'with the code of GRUB, not of another loader',
      { 'eltorito.img': 30_000, 'isohdpfx.bin': 432, 'boot_hybrid.img': 512 },
      { code: { loader: 'grub2', path: 'boot_hybrid.img' } },
    ],
    ['not where nothing would start', { 'isolinux.bin': 9000 }, null],
    ['not for diskettes', { 'dos.img': 1_474_560, 'isohdpfx.bin': 432 }, null],
  ])('%s', async (_, files, expected) => {
    const found = await findBoot(treeOf(files).root);
    const hybrid = proposeHybrid(found.entries, found);
    if (expected === null) {
      expect(hybrid).toBeNull();
    } else {
      expect(hybrid).toMatchObject(expected);
    }
  });
});

describe('the top of a disc', () => {
  const within = (folder: string, files: Record<string, number>) =>
    treeOf(Object.fromEntries(Object.entries(files).map(([path, size]) => [`${folder}/${path}`, size])));

  test.each([
    ['debian', DEBIAN, 'debian'],
    ['downloads/win 11', WINDOWS, 'downloads/win 11'],
    ['boot', { 'grub/efi.img': 5 }, null],
    ['photos', { 'a.jpg': 5 }, null],
  ])('of %s', async (folder, files: Record<string, number>, expected) => {
    const tree = within(folder, files);
    const top = await findTop([...tree.root.children.values()]);
    expect(top === null ? null : pathOf(top)).toBe(expected);
  });

  test('is lifted, also out of a folder with the name of one in it', () => {
    const tree = within('boot files/boot', { ...DEBIAN, 'boot files': 3 });
    const [only] = tree.root.children.values();
    const top = only?.kind === 'directory' ? [...only.children.values()][0] : undefined;
    expect(top?.kind === 'directory' && lift(tree, top)).toBe(true);
    expect([...tree.root.children.keys()].sort()).toEqual(['EFI', 'boot', 'boot files', 'isolinux']);
    expect(tree.root.files).toBe(6);
    expect(tree.root.directories).toBe(5);
  });

  test('is not lifted over what is there', () => {
    const tree = treeOf({ 'isolinux/a': 1, 'x/isolinux/b': 2, 'y/only': 3 });
    const x = tree.root.children.get('x') as DirectoryNode;
    expect(lift(tree, x)).toBe(false);
    expect(lift(tree, tree.root.children.get('y') as DirectoryNode)).toBe(true);
    expect([...tree.root.children.keys()].sort()).toEqual(['isolinux', 'only', 'x']);
  });
});
