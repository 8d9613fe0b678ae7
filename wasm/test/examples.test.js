/** The examples, run as their users run them, with programs of others as judges. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { folder, run, xorrisoExtract } from './fixtures.js';

const example = (name, ...args) =>
  run(process.execPath, [fileURLToPath(new URL(`../examples/${name}`, import.meta.url)), ...args]);
const sevenZip = (image, name) => run('7zz', ['x', '-so', image, name]);
const volume = (image) => run('isoinfo', ['-d', '-i', image]);

test('a seed for cloud-init is a volume called cidata with its three files', (t) => {
  const image = join(folder(t), 'seed.iso');
  example('cloud-init.js', image, 'web-1', 'ssh-ed25519 AAAA me@example.org');
  assert.match(volume(image), /^Volume id: cidata$/im);
  const extracted = join(image, '..', 'extracted');
  xorrisoExtract(image, extracted);
  assert.match(
    readFileSync(join(extracted, 'user-data'), 'utf8'),
    /^#cloud-config\n(.*\n)*.*"ssh-ed25519 AAAA me@example\.org"/,
  );
  assert.match(readFileSync(join(extracted, 'meta-data'), 'utf8'), /^instance-id: web-1$/m);
  assert.match(run('isoinfo', ['-J', '-x', '/network-config;1', '-i', image]), /dhcp4: true/);
});

test('installers find their answers', (t) => {
  for (const [system, name, label, pattern] of [
    ['windows', 'autounattend.xml', 'UNATTEND', /<unattend xmlns="urn:schemas-microsoft-com:unattend">\r\n/],
    ['debian', 'preseed.cfg', 'PRESEED', /^d-i netcfg\/get_hostname string machine$/m],
    ['fedora', 'ks.cfg', 'OEMDRV', /^autopart$/m],
  ]) {
    const image = join(folder(t), `${system}.iso`);
    example('unattended-setup.js', system, image);
    assert.match(volume(image), new RegExp(`^Volume id: ${label}$`, 'm'));
    // As Windows and Linux read it: 7-Zip takes UDF, isoinfo Joliet and Rock Ridge.
    assert.match(sevenZip(image, name), pattern);
    assert.match(run('isoinfo', ['-J', '-x', `/${name};1`, '-i', image]), pattern);
    assert.match(run('isoinfo', ['-R', '-x', `/${name}`, '-i', image]), pattern);
  }
});

test('an image starts machines by BIOS and UEFI, from disc and stick', (t) => {
  const place = folder(t);
  mkdirSync(join(place, 'live/boot'), { recursive: true });
  const loader = Buffer.alloc(4096);
  loader.write('loader', 256);
  writeFileSync(join(place, 'live/boot/loader.bin'), loader);
  writeFileSync(join(place, 'live/efi.img'), Buffer.alloc(1 << 16, 'efi'));
  const image = join(place, 'live.iso');
  example('bootable.js', image, join(place, 'live'), '--bios', 'boot/loader.bin', '--uefi', 'efi.img');
  const report = run('xorriso', [
    '-indev',
    image,
    '-report_el_torito',
    'plain',
    '-report_system_area',
    'plain',
  ]);
  assert.match(report, /El Torito cat path : +\/boot\.cat/);
  assert.match(report, /El Torito boot img : +1 {2}BIOS +y +none +0x0000 +0x00 +4 /);
  assert.match(report, /El Torito boot img : +2 {2}UEFI +y +none/);
  assert.match(report, /El Torito img opts : +1 {2}boot-info-table/);
  assert.match(report, /El Torito img path : +1 {2}\/boot\/loader\.bin/);
  assert.match(report, /El Torito img path : +2 {2}\/efi\.img/);
  assert.match(report, /System area summary: MBR protective-msdos-label|System area summary: MBR.*GPT/);
  assert.match(report, /GPT type GUID +: +\d+ +28732ac11ff8d211ba4b00a0c93ec93b/);
});
