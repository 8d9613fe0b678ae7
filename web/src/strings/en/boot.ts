/** Discs that start a computer, in English. */
import type { Explanation } from '../../state/explain.ts';
import { bytes, count, isolated } from './words.ts';

export const boot = {
  boot: {
    title: 'Starting a PC',
    intro:
      'Drop the folder of an installer or rescue system, with its boot images in it. They are found by their names, and you can change what is found.',
    starts: 'What this image starts',
    disc: 'From a disc',
    stick: 'From a USB stick',
    machines: { bios: 'Older PCs (BIOS)', uefi: 'Newer PCs (UEFI)' },
    yes: 'Yes',
    no: 'No',
    entries: 'Boot images',
    entry: (n: number) => `Boot image ${n}`,
    platform: 'For',
    image: 'File',
    chooseImage: 'Choose a file',
    selected: (path: string) => `Selected in the contents: ${isolated(path)}`,
    other: 'For another file, select it in the contents.',
    lacksTable:
      'This is ISOLINUX. It does not start without the boot info table: switch it on under “Details”.',
    details: 'Details',
    emulation: 'Emulation',
    emulations: {
      none: 'None (usual)',
      floppy1200: 'Floppy disk, 1.2 MB',
      floppy1440: 'Floppy disk, 1.44 MB',
      floppy2880: 'Floppy disk, 2.88 MB',
      hardDisk: 'Hard disk',
    },
    loadSegment: 'Load segment',
    loadSegmentHelp: 'Hexadecimal. Empty: 7C0',
    loadSegmentProblem: 'A hexadecimal number up to FFFF.',
    sectorCount: 'Sectors to load',
    sectorCountHelp: (usual: number) => `Of 512 bytes. Empty: ${usual}`,
    sectorCountProblem: 'A whole number up to 65535.',
    infoTable: 'Boot info table',
    infoTableHelp: 'ISOLINUX and GRUB need it.',
    grub2Pointer: 'Pointer for GRUB 2',
    grub2PointerHelp: 'GRUB needs it to start from a USB stick.',
    add: { bios: 'Add for BIOS', uefi: 'Add for UEFI' },
    remove: (n: number) => `Remove boot image ${n}`,
    proposeAgain: 'Look for boot images again',
    usb: 'USB stick and disc label',
    table: 'Partition table',
    tables: { none: 'None: starts from discs only', mbr: 'MBR', gpt: 'GPT', both: 'MBR and GPT (most PCs)' },
    code: 'Start code for BIOS',
    codeHelp: 'isohdpfx.bin of ISOLINUX or boot_hybrid.img of GRUB. An ISO of the same system has it, too.',
    noCode: 'None',
    chooseCode: 'Choose a file of this computer',
    toStick: 'The image goes on a USB stick as a whole, not as a file that is copied to it.',
    toStickGuide: 'How to write it to a stick',
    codeNeeded:
      'Older PCs do not start this from a USB stick. For them, add the file isohdpfx.bin (ISOLINUX) or boot_hybrid.img (GRUB), or choose the ISO the system came as.',
    codeTaken: (name: string) => `The start code of ${isolated(name)} is used.`,
    codeUnknown: (name: string) => `There is no start code in ${isolated(name)}.`,
    codeUnknownTodo: 'Choose isohdpfx.bin, boot_hybrid.img or an ISO that starts from a USB stick.',
    systemPartition: 'EFI system partition',
    systemPartitions: {
      inPlace: 'The boot image itself (usual)',
      appended: 'A copy of its own place, behind all files',
    },
    id: 'Name of the maker',
    idHelp: 'Recorded in the boot catalog; few programs show it.',
    problems: {
      nothing: (): Explanation => ({
        what: 'Nothing here starts a PC.',
        todo: 'Add the folder of a system with its boot image, such as isolinux.bin, eltorito.img or efi.img, or choose a file for it.',
      }),
      onlyPrograms: (path: string): Explanation => ({
        what: `${isolated(path)} is a program for UEFI. On a disc, UEFI finds it only inside a boot image.`,
        todo: 'Add the boot image that belongs to it, often called efi.img, efiboot.img or efisys.bin: a small FAT disk with this program in it. The user guide says how to make one.',
      }),
      needsIso9660: (): Explanation => ({
        what: 'PCs find boot images by ISO 9660 only.',
        todo: 'Switch ISO 9660 on.',
      }),
      noImage: (): Explanation => ({
        what: 'No file is chosen to be started.',
        todo: 'Choose one, or remove this entry.',
      }),
      missing: (path: string): Explanation => ({
        what: `The boot image ${isolated(path)} is not on the disc.`,
        todo: 'Add it again, or choose another file.',
      }),
      empty: (path: string): Explanation => ({
        what: `The boot image ${isolated(path)} is empty.`,
        todo: 'Take it from the system once more, or choose another file.',
      }),
      efiProgram: (path: string): Explanation => ({
        what: `${isolated(path)} is a program, and UEFI starts a boot image: a small FAT disk with such a program in it.`,
        todo: 'Choose a file such as efi.img, efiboot.img or efisys.bin. The user guide says how to make one.',
      }),
      floppySize: (path: string, size: number, expected: number, isOther: boolean): Explanation => ({
        what: `${isolated(path)} has ${count(size)} bytes, and the floppy disk it stands for has ${count(expected)}.`,
        todo: isOther
          ? 'Choose the other size of floppy disk.'
          : 'Choose no emulation, or a file of exactly that size.',
      }),
      noBootRecord: (path: string): Explanation => ({
        what: `${isolated(path)} is no image of a hard disk: it has no boot record.`,
        todo: 'Choose no emulation, or another file.',
      }),
      partitions: (path: string, n: number): Explanation => ({
        what: `${isolated(path)} has ${count(n)} partitions, and a hard disk that is emulated has one.`,
        todo: 'Choose no emulation, or another file.',
      }),
      tooShort: (path: string, size: number): Explanation => ({
        what: `${isolated(path)} has ${count(size)} bytes, too few for what is to be patched into it.`,
        todo: 'Switch the boot info table and the pointer for GRUB off, or choose another file.',
      }),
      tooLarge: (path: string, size: number): Explanation => ({
        what: `${isolated(path)} has ${bytes(size)}, too much to be patched or looked into here.`,
        todo: 'Switch that off, or choose another file. The command line takes images of up to 1 GB.',
      }),
      patchedTwice: (): Explanation => ({
        what: 'Another entry starts the same file with other patches.',
        todo: 'Make boot info table and pointer the same in both.',
      }),
      notAscii: (): Explanation => ({
        what: 'The name of the maker has other characters than plain Latin letters, digits and signs.',
        todo: 'Write it without accents.',
      }),
      idTooLong: (): Explanation => ({
        what: 'The name of the maker has more than 24 characters.',
        todo: 'Shorten it.',
      }),
      codeMissing: (path: string): Explanation => ({
        what: `The start code ${isolated(path)} is not on the disc.`,
        todo: 'Add it again, or choose another.',
      }),
      codeSize: (name: string, size: number): Explanation => ({
        what: `${isolated(name)} has ${count(size)} bytes, which no start code has.`,
        todo: 'Choose isohdpfx.bin (432 bytes), boot_hybrid.img (512) or other code of at most 440.',
      }),
      nothingForBios: (): Explanation => ({
        what: 'The start code starts a boot image for BIOS, and there is none without emulation.',
        todo: 'Add one, or choose no start code.',
      }),
      notIsolinux: (path: string): Explanation => ({
        what: `The start code is one of ISOLINUX, and ${isolated(path)} is not ISOLINUX.`,
        todo: 'Choose the code of its own loader, or none.',
      }),
    },
  },
};
