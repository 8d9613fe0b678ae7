/**
 * An image that starts a machine by BIOS and by UEFI, from a disc and from a USB stick.
 *
 *     node bootable.js live.iso FOLDER --bios isolinux/isolinux.bin --uefi efi.img [--mbr isohdpfx.bin]
 *
 * FOLDER is what the image holds. --bios names a boot image in it (ISOLINUX: BIOS images get its info table), --uefi one of a
 * FAT file system with EFI/BOOT/BOOTX64.EFI. With --mbr, of ISOLINUX's isohdpfx.bin, it starts from a stick by BIOS too.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { buildImage } from 'discwright';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { bios: { type: 'string' }, uefi: { type: 'string' }, mbr: { type: 'string' } },
});
const [target, folder] = positionals;
if (folder === undefined || (values.bios ?? values.uefi) === undefined) {
  throw new Error('usage: node bootable.js TARGET FOLDER [--bios PATH] [--uefi PATH] [--mbr FILE]');
}

const entries = [];
if (values.bios !== undefined) {
  entries.push({ platform: 'bios', image: values.bios, sectorCount: 4, infoTable: true });
}
if (values.uefi !== undefined) {
  entries.push({ platform: 'uefi', image: values.uefi });
}
const hybrid = { table: values.uefi === undefined ? 'mbr' : 'both' };
if (values.mbr !== undefined) {
  hybrid.code = { loader: 'isolinux', bytes: await readFile(values.mbr) };
}

const image = await buildImage(
  { '/': { path: folder } },
  { volumeId: 'LIVE', fileSystems: { udf: false }, boot: { entries, catalogPath: 'boot.cat', hybrid } },
);
for (const { message, hint } of image.warnings()) {
  console.warn(`${message}: ${hint}`);
}
await image.writeTo(target);
console.log(`${target}: ${image.size} bytes`);
