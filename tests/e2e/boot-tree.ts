/** A folder as installers and rescue systems have it, with loaders of others in it: ISOLINUX for a BIOS, GRUB for UEFI. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Times with milliseconds, as those of downloaded files are. */
const MODIFIED = new Date('2021-03-04T05:06:07.890Z');

/** Makes the folder `name` in `parent` and answers with its path. */
export async function makeBootTree(parent: string, name: string): Promise<string> {
  const root = join(parent, name);
  for (const folder of ['isolinux', 'boot/grub', 'EFI/BOOT']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await copyFile('/usr/lib/ISOLINUX/isolinux.bin', join(root, 'isolinux/isolinux.bin'));
  await copyFile('/usr/lib/ISOLINUX/isohdpfx.bin', join(root, 'isolinux/isohdpfx.bin'));
  await copyFile('/usr/lib/syslinux/modules/bios/ldlinux.c32', join(root, 'isolinux/ldlinux.c32'));
  await writeFile(
    join(root, 'isolinux/isolinux.cfg'),
    'SERIAL 0 115200\nSAY ISOLINUX read from the image\nPROMPT 1\nTIMEOUT 0\n',
  );
  await makeEfiImage(root);
  for (const file of ['isolinux/isolinux.bin', 'isolinux/isohdpfx.bin', 'boot/grub/efi.img']) {
    await utimes(join(root, file), MODIFIED, MODIFIED);
  }
  return root;
}

/** GRUB that says where it was started from, on a small FAT disk as UEFI wants it. */
async function makeEfiImage(root: string): Promise<void> {
  const program = join(root, 'EFI/BOOT/BOOTX64.EFI');
  const script = join(root, 'boot/grub/grub.cfg');
  const image = join(root, 'boot/grub/efi.img');
  await writeFile(script, 'echo "GRUB x86_64-efi from $cmdpath"\n');
  await run('grub-mkimage', [
    ...['-O', 'x86_64-efi', '-p', '/boot/grub', '-c', script, '-o', program],
    ...['iso9660', 'udf', 'fat', 'part_gpt', 'part_msdos', 'echo'],
  ]);
  await run('mformat', ['-C', '-f', '2880', '-N', '20262026', '-i', image, '::']);
  await run('mmd', ['-i', image, '::/EFI', '::/EFI/BOOT']);
  await run('mcopy', ['-i', image, program, '::/EFI/BOOT/BOOTX64.EFI']);
}

/** What xorriso says of how an image starts machines. */
export async function reportBoot(image: string): Promise<string> {
  const args = ['-indev', image, '-report_el_torito', 'plain', '-report_system_area', 'plain'];
  const { stdout } = await run('xorriso', args);
  return stdout;
}
