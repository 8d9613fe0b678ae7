/** Boot images that systems come with, by their names, and what each of them needs. */
import type { BootEntry, Emulation, Loader, Platform } from '../file/boot-section.ts';

/** What a boot image is known by and needs. */
interface KnownImage {
  readonly name: string;
  readonly platform: Platform;
  readonly infoTable?: boolean;
  readonly grub2Pointer?: boolean;
  readonly sectorCount?: number;
  /** It is one of two, of which the other is usual. */
  readonly isSpare?: boolean;
}

/** The likelier one first. */
const KNOWN: readonly KnownImage[] = [
  // ISOLINUX: Debian, Arch, Alpine, most rescue systems.
  { name: 'isolinux.bin', platform: 'bios', infoTable: true },
  // GRUB 2 as grub-mkrescue and the makers of Fedora, Ubuntu and openSUSE have it.
  { name: 'eltorito.img', platform: 'bios', infoTable: true, grub2Pointer: true },
  { name: 'bios.img', platform: 'bios', infoTable: true, grub2Pointer: true },
  { name: 'grub_eltorito', platform: 'bios', infoTable: true, grub2Pointer: true },
  // GRUB of before 2012.
  { name: 'stage2_eltorito', platform: 'bios', infoTable: true },
  { name: 'limine-bios-cd.bin', platform: 'bios', infoTable: true },
  // Windows: eight sectors, as Microsoft's own tool writes it.
  { name: 'etfsboot.com', platform: 'bios', sectorCount: 8 },
  // FreeBSD and OpenBSD.
  { name: 'cdboot', platform: 'bios' },
  { name: 'cdbr', platform: 'bios' },
  { name: 'efi.img', platform: 'uefi' },
  { name: 'efiboot.img', platform: 'uefi' },
  { name: 'efisys.bin', platform: 'uefi' },
  { name: 'uefi.img', platform: 'uefi' },
  { name: 'esp.img', platform: 'uefi' },
  { name: 'limine-uefi-cd.bin', platform: 'uefi' },
  // Windows without “press any key”.
  { name: 'efisys_noprompt.bin', platform: 'uefi', isSpare: true },
];

const RANKS = new Map(KNOWN.map(({ name }, rank) => [name, rank]));

/** Code for a master boot record, the likelier one first. */
const CODES: readonly (readonly [name: string, loader: Loader])[] = [
  ['isohdpfx.bin', 'isolinux'],
  ['isohdpfx_c.bin', 'isolinux'],
  ['isohdpfx_f.bin', 'isolinux'],
  ['boot_hybrid.img', 'grub2'],
];

/** Lengths of diskettes in bytes. El Torito 1.0, figure 3. */
export const FLOPPY_BYTES: Readonly<Record<'floppy1200' | 'floppy1440' | 'floppy2880', number>> = {
  floppy1200: 80 * 2 * 15 * 512,
  floppy1440: 80 * 2 * 18 * 512,
  floppy2880: 80 * 2 * 36 * 512,
};

/** Directories that boot images lie in, and the top of a disc is not. */
const PLACES = new Set([
  'boot',
  'isolinux',
  'syslinux',
  'grub',
  'grub2',
  'i386-pc',
  'efi',
  'images',
  'loader',
  'microsoft',
  'archiso',
  'limine',
  'x86_64',
  'i386',
  'amd64',
]);

/** Bytes that GRUB's pointer ends at, and the boot info table is summed from: shorter images cannot take them. */
export const GRUB2_POINTER_END = 2556;
export const INFO_TABLE_END = 64;

/** Place of a name among those that are known, 0 for the likeliest; `null` for any other. */
export function rankOf(name: string): number | null {
  return RANKS.get(name.toLowerCase()) ?? null;
}

/** The platform of a known image that is proposed. */
export function proposedPlatform(name: string): Platform | null {
  const known = KNOWN[rankOf(name) ?? -1];
  return known === undefined || known.isSpare === true ? null : known.platform;
}

/** Place of a name among those of code for a master boot record, and the loader that it starts. */
export function codeOf(name: string): { rank: number; loader: Loader } | null {
  const rank = CODES.findIndex(([known]) => known === name.toLowerCase());
  const loader = CODES[rank]?.[1];
  return loader === undefined ? null : { rank, loader };
}

/** The diskette of which a file may be an image, by its length. */
export function floppyOf(size: number): Emulation {
  const [found] = Object.entries(FLOPPY_BYTES).find(([, bytes]) => bytes === size) ?? [];
  return (found as Emulation | undefined) ?? 'none';
}

/** An entry for this image with what it needs, as far as its name and length tell. */
export function entryFor(path: string, size: number, platform: Platform): BootEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const known = KNOWN.find((each) => each.name === name.toLowerCase() && each.platform === platform);
  return {
    platform,
    image: path,
    emulation: platform === 'bios' && known === undefined ? floppyOf(size) : 'none',
    loadSegment: 0,
    sectorCount: known?.sectorCount ?? null,
    infoTable: known?.infoTable === true && size >= INFO_TABLE_END,
    grub2Pointer: known?.grub2Pointer === true && size >= GRUB2_POINTER_END,
  };
}

/** Directories before the top of the disc that a boot image was made for, of the directories it lies in. */
export function beforeTop(directories: readonly string[]): readonly string[] {
  let top = directories.length;
  while (top > 0 && PLACES.has(directories[top - 1]?.toLowerCase() ?? '')) {
    top -= 1;
  }
  return directories.slice(0, top);
}
