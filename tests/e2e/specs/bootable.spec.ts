/** Discs that start PCs: what is found, what can be changed, and images that others see as we do. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../accessibility.ts';
import { discwright } from '../agent.ts';
import { makeBootTree, reportBoot } from '../boot-tree.ts';
import type { DiscPage } from '../disc-page.ts';
import { expect, test } from '../fixtures.ts';
import { sha256 } from '../folder.ts';

const KIND = 'Bootable disc or USB image';

function card(page: Page): Locator {
  return page.getByTestId('boot');
}

/** The cells of the table that says what starts: BIOS from a disc and a stick, UEFI from both. */
async function expectStarts(page: Page, ...cells: string[]): Promise<void> {
  await expect(card(page).getByTestId('starts').locator('tbody td')).toHaveText(cells);
}

/** Saves image and project, and expects the command line to build the same bytes of the project. */
async function saveTwice(disc: DiscPage, scratch: string, name: string, root = scratch): Promise<string> {
  const image = join(scratch, `${name}.iso`);
  await disc.save(image);
  const project = join(scratch, `${name}.discwright`);
  await disc.saveProject(project);
  const built = join(scratch, `${name}-built.iso`);
  await discwright('build', project, '--root', root, '-o', built);
  expect(await sha256(built), `${name}: the page and the command line`).toBe(await sha256(image));
  return image;
}

test('the folder of a system becomes an image that starts PCs', async ({ start, page, scratch }) => {
  await start.begin(KIND);
  await expect(card(page)).toContainText('Drop the folder of an installer');
  await expectAccessible(page, 'an empty bootable disc');
  await start.drop(await makeBootTree(scratch, 'rescue'));
  await start.plannedSize();

  await expect(start.row('rescue'), 'the folder itself').toHaveCount(0);
  await expect(start.row('isolinux')).toBeVisible();
  await expectStarts(page, 'Yes', 'Yes', 'Yes', 'Yes');
  await expect(card(page).getByLabel('File')).toHaveCount(2);
  await expect(card(page).getByLabel('File').first()).toHaveValue('isolinux/isolinux.bin');
  await expect(card(page).getByLabel('File').last()).toHaveValue('boot/grub/efi.img');
  await expectAccessible(page, 'a bootable disc');

  const image = await saveTwice(start, scratch, 'found');
  const report = await reportBoot(image);
  expect(report).toMatch(/El Torito boot img :\s+1\s+BIOS\s+y\s+none\s+0x0000\s+0x00\s+4 /);
  expect(report).toMatch(/El Torito boot img :\s+2\s+UEFI\s+y\s+none/);
  expect(report).toMatch(/El Torito img path :\s+1\s+\/isolinux\/isolinux\.bin/);
  expect(report).toMatch(/El Torito img opts :\s+1\s+boot-info-table isohybrid-suitable/);
  expect(report).toMatch(/El Torito img path :\s+2\s+\/boot\/grub\/efi\.img/);
  expect(report).toContain('System area summary: MBR isohybrid');
  expect(report).toMatch(/GPT partition path :\s+2\s+\/boot\/grub\/efi\.img/);

  await start.kept();
  await page.reload();
  await start.connected();
  await start.plannedSize();
  await expectStarts(page, 'Yes', 'Yes', 'Yes', 'Yes');
  await page.getByRole('link', { name: 'Start', exact: true }).click();
  await page.getByTestId('project-file').setInputFiles(join(scratch, 'found.discwright'));
  await start.dropOn(page.getByTestId('reunion'), join(scratch, 'rescue'));
  await expect(page.getByTestId('reunion')).toHaveCount(0);
  await start.plannedSize();
  await start.save(join(scratch, 'again.iso'));
  expect(await sha256(join(scratch, 'again.iso')), 'of the project that was opened again').toBe(
    await sha256(image),
  );
});

test('everything found can be changed', async ({ start, page, scratch }) => {
  const tree = await makeBootTree(scratch, 'system');
  const code = join(scratch, 'isohdpfx.bin');
  await copyFile(join(tree, 'isolinux/isohdpfx.bin'), code);
  await start.begin(KIND);
  await start.drop(tree);
  await start.plannedSize();
  await start.open('isolinux');
  await start.row('isohdpfx.bin').click();
  await page.keyboard.press('Delete');
  await expectStarts(page, 'Yes', 'No', 'Yes', 'Yes');
  await expect(card(page)).toContainText('Older PCs do not start this from a USB stick.');

  const bios = card(page).getByTestId('boot-entry').first();
  await bios.getByText('Details').click();
  await bios.getByLabel('Load segment').fill('7C0');
  await bios.getByLabel('Sectors to load').fill('many');
  await page.keyboard.press('Tab');
  await expect(bios).toContainText('A whole number up to 65535.');
  await bios.getByLabel('Sectors to load').fill('8');
  await bios.getByLabel('Boot info table').uncheck();
  await expect(bios).toContainText('This is ISOLINUX. It does not start without the boot info table');
  await bios.getByLabel('Boot info table').check();

  await card(page).getByText('USB stick and disc label').click();
  await card(page).getByTestId('code-file').setInputFiles(code);
  await expectStarts(page, 'Yes', 'Yes', 'Yes', 'Yes');
  await card(page).getByLabel('EFI system partition').selectOption('appended');
  await card(page).getByLabel('Partition table').selectOption('mbr');
  await card(page).getByLabel('Name of the maker').fill('Größe');
  await expect(card(page)).toContainText('Write it without accents.');
  await card(page).getByLabel('Name of the maker').fill('TESTS');
  await start.plannedSize();
  await expectAccessible(page, 'a bootable disc with all its details');
  const report = await reportBoot(await saveTwice(start, scratch, 'changed'));
  expect(report).toMatch(/El Torito boot img :\s+1\s+BIOS\s+y\s+none\s+0x07c0\s+0x00\s+8 /);
  expect(report).toMatch(/MBR partition\s+:\s+2\s+0x00\s+0xef/);
  expect(report).not.toContain('GPT disk GUID');

  await start.kept();
  await page.reload();
  await start.connected();
  await expect(card(page).getByLabel('Name of the maker')).toHaveValue('TESTS');
  await card(page).getByRole('button', { name: 'Look for boot images again' }).click();
  await expectStarts(page, 'Yes', 'No', 'Yes', 'Yes');
});

test('a diskette and a hard disk are emulated, and what is no such thing is told', async ({
  start,
  page,
  scratch,
}) => {
  const folder = join(scratch, 'dos');
  await mkdir(folder);
  await writeFile(join(folder, 'boot.img'), Buffer.alloc(1_474_560, 7));
  const disk = Buffer.alloc(1008 * 512);
  // One active partition of FAT-12, and the signature of a boot record.
  disk.set([0x80, 1, 1, 0, 1, 15, 63, 0, 63, 0, 0, 0, 0xb1, 3, 0, 0], 446);
  disk.set([0x55, 0xaa], 510);
  await writeFile(join(folder, 'disk.img'), disk);
  await start.begin(KIND);
  await start.drop(join(folder, 'boot.img'), join(folder, 'disk.img'));
  await start.plannedSize();
  await expectStarts(page, 'Yes', 'No', 'No', 'No');
  const entry = card(page).getByTestId('boot-entry');
  await entry.getByText('Details').click();
  await expect(entry.getByLabel('Emulation')).toHaveValue('floppy1440');
  expect(await reportBoot(await saveTwice(start, scratch, 'diskette', folder))).toMatch(/BIOS\s+y\s+fd1\.4/);

  await entry.getByLabel('Emulation').selectOption('floppy2880');
  const said = 'boot.img has 1,474,560 bytes, and the floppy disk it stands for has 2,949,120.';
  await expect(entry).toContainText(said);
  await expect(entry).toContainText('Choose the other size of floppy disk.');
  await expect(page.getByRole('alert').filter({ hasText: said })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save image' })).toBeDisabled();
  await entry.getByLabel('Emulation').selectOption('hardDisk');
  await expect(entry).toContainText('boot.img is no image of a hard disk: it has no boot record.');
  await entry.getByLabel('File').selectOption('disk.img');
  await entry.getByLabel('Emulation').selectOption('hardDisk');
  await start.plannedSize();
  expect(await reportBoot(await saveTwice(start, scratch, 'disk', folder))).toMatch(/BIOS\s+y\s+hd/);
});

test('what is missing is said with what to do', async ({ start, page, scratch }) => {
  const folder = join(scratch, 'half');
  await mkdir(join(folder, 'EFI/BOOT'), { recursive: true });
  await writeFile(
    join(folder, 'EFI/BOOT/BOOTX64.EFI'),
    Buffer.concat([Buffer.from('MZ'), Buffer.alloc(998)]),
  );
  await start.begin(KIND);
  await start.drop(join(folder, 'EFI'));
  await expect(card(page)).toContainText('EFI/BOOT/BOOTX64.EFI is a program for UEFI.');
  await expect(card(page)).toContainText('often called efi.img, efiboot.img or efisys.bin');
  await expectAccessible(page, 'a disc that starts nothing yet');
  await card(page).getByRole('button', { name: 'Add for UEFI' }).click();
  await expect(card(page)).toContainText('No file is chosen to be started.');
  await start.open('EFI');
  await start.open('BOOT');
  await start.row('BOOTX64.EFI').click();
  await card(page).getByLabel('File').selectOption('EFI/BOOT/BOOTX64.EFI');
  await expect(card(page)).toContainText('is a program, and UEFI starts a boot image');
  await page.getByLabel('ISO 9660').uncheck();
  await expect(card(page)).toContainText('PCs find boot images by ISO 9660 only.');
});

test('code that is none is refused, and what is chosen stays', async ({ start, page, scratch }) => {
  await start.begin(KIND);
  const notes = join(scratch, 'notes.txt');
  await writeFile(notes, 'no code at all, and longer than code can be'.padEnd(500));
  await start.drop(await makeBootTree(scratch, 'rescue'));
  await start.plannedSize();
  await start.drop(notes);
  await start.plannedSize();
  await start.row('notes.txt').click();
  await card(page).getByText('USB stick and disc label').click();
  const code = card(page).getByRole('combobox', { name: 'Start code for BIOS' });
  const before = await code.inputValue();
  await code.selectOption('notes.txt');
  await expect(page.getByRole('alert')).toContainText('notes.txt');
  await expect(code).toHaveValue(before);
});
