/**
 * The browser and the native build give the same bytes: every plan made here is compared, block for block, with the one
 * that image-core makes when compiled for this machine. NATIVE_IMAGE names that program (examples/native_image.rs).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { planImage } from 'discwright';

import { CREATED, DIRECTORY, FILE, HARD_LINK, SYMLINK, options, toArrays } from './entries.js';

const program = process.env.NATIVE_IMAGE;

/** One line a segment; metadata by its digest, rendered in chunks of an odd size so that chunking is tested too. */
function describePlan(plan) {
  const { kinds, sources, starts, lengths } = plan.segments();
  const lines = [`size ${plan.sizeBytes}`];
  for (let i = 0; i < kinds.length; i++) {
    if (kinds[i] === 0) {
      const blocks = lengths[i] / 2048;
      const hash = createHash('sha256');
      for (let done = 0; done < blocks; done += 37) {
        hash.update(plan.render(starts[i] + done, Math.min(37, blocks - done)));
      }
      lines.push(`metadata ${starts[i]} ${blocks} ${hash.digest('hex')}`);
    } else if (kinds[i] === 1) {
      lines.push(`file ${sources[i]} ${starts[i]} ${lengths[i]}`);
    } else {
      lines.push(`zero ${lengths[i]}`);
    }
  }
  return [...lines, ...plan.warnings().map(({ message }) => `warning ${message}`)];
}

function describeNative(entries, chosen, native) {
  const input = JSON.stringify({ entries, options: { ...chosen, native } });
  const { status, stdout, stderr } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n');
}

/** `native` says what is special about `chosen` in the terms of the native program. */
function assertSame(entries, chosen, native = {}) {
  const plan = planImage(toArrays(entries), chosen);
  const here = describePlan(plan);
  plan.free();
  assert.deepEqual(here, describeNative(entries, chosen, native));
  assert.ok(here.length > 2, 'the plan has segments');
}

/** Mulberry32: the trees are the same in every run. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const NAMES = [
  'readme',
  'READ ME',
  'Übergröße',
  '日本語の名前',
  '🎉party',
  'a.b.c',
  'longer-than-eight-and-three',
  'x'.repeat(180),
];

function randomTree(seed, count) {
  const next = random(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const folders = [''];
  const entries = [];
  for (let i = 0; i < count; i++) {
    const parent = pick(folders);
    const path = `${parent}${pick(NAMES)}${i}`;
    const modified = next() < 0.1 ? null : CREATED - Math.floor(next() * 1e12);
    const kind = next() < 0.15 && parent.split('/').length < 7 ? DIRECTORY : next() < 0.05 ? SYMLINK : FILE;
    if (kind === DIRECTORY) {
      folders.push(`${path}/`);
    }
    const size = kind === FILE ? Math.floor(next() ** 4 * 1e7) : 0;
    entries.push({
      path,
      kind,
      size,
      modified,
      ...(kind === SYMLINK ? { target: `../${pick(NAMES)}` } : {}),
    });
  }
  return entries;
}

test('the native program is there to compare with', () => {
  assert.ok(program, 'set NATIVE_IMAGE, or run `cargo xtask test --only wasm`');
});

for (const [name, chosen] of Object.entries({
  'every file system': options(),
  'ISO 9660 alone, level 1': options({
    isoLevel: 1,
    fileSystems: { iso9660: true, joliet: false, rockRidge: false, udf: false },
  }),
  'ISO 9660 and Rock Ridge': options({
    fileSystems: { iso9660: true, joliet: false, rockRidge: true, udf: false },
  }),
  Joliet: options({ fileSystems: { iso9660: true, joliet: true, rockRidge: false, udf: false } }),
  'UDF bridge': options({ fileSystems: { iso9660: true, joliet: false, rockRidge: false, udf: true } }),
})) {
  test(`random trees, ${name}`, () => {
    for (let seed = 1; seed <= 4; seed++) {
      assertSame(randomTree(seed, 400), chosen);
    }
  });
}

test('no entries at all', () => assertSame([], options()));

test('one file of 9 GB, in several extents', () => {
  assertSame([{ path: 'large.bin', kind: FILE, size: 9_000_000_001, modified: CREATED }], options());
});

const file = (path, size, more = {}) => ({ path, kind: FILE, size, modified: CREATED, ...more });
const FEW = [
  file('readme.txt', 10),
  file('a/Long name with spaces.tar.gz', 5000),
  file('a/b/c/d/e/f/g/h/i/deep', 1),
];
const udfOnly = { fileSystems: { iso9660: false, joliet: false, rockRidge: false, udf: true } };
const isoOnly = { fileSystems: { iso9660: true, joliet: true, rockRidge: true, udf: false } };
const names = {
  lowerCase: true,
  severalDots: true,
  leadingDot: true,
  allAscii: true,
  untranslated: true,
  maxLength: 31,
  omitVersion: true,
  omitPeriod: true,
  volumeTexts: true,
};
const dates = [0, 1, 2, 3].map((n) => CREATED + n * 86_400_000);
const [creation, modification, expiration, effective] = dates;

for (const [name, chosen, native] of [
  ['level 4', { isoLevel: 4 }, {}],
  ['level 4, shared', { isoLevel: 4, iso9660: { enhanced: 'shared' } }, { shared: true }],
  ['untranslated names', { iso9660: { names } }, { untranslated: true }],
  ['names of 37', { iso9660: { names: { maxLength: 37 } } }, { length: 37 }],
  ['relocation', { iso9660: { deepDirectories: 'relocate' } }, { relocate: true }],
  ['CD-ROM XA', { iso9660: { xa: true } }, { xa: true }],
  ['long Joliet', { joliet: { long: true } }, { jolietLong: true }],
  [
    'old Rock Ridge',
    { rockRidge: { version: '1.10', longTimes: true } },
    { oldRockRidge: true, longTimes: true },
  ],
  ['UDF 2.60', { udf: { revision: '2.60' } }, { revision: '2.60' }],
  [
    'UDF 2.50, one partition',
    { udf: { revision: '2.50', metadata: 'separate' } },
    { revision: '2.50', metadata: 'separate' },
  ],
  ['overwritable', { udf: { partition: 'overwritable' } }, { partition: 'overwritable' }],
  [
    'pseudo-overwritable',
    { udf: { revision: '2.60', partition: 'pseudoOverwritable' } },
    { revision: '2.60', partition: 'pseudoOverwritable' },
  ],
  [
    'virtual',
    { ...udfOnly, udf: { revision: '2.00', partition: 'virtual' } },
    { revision: '2.00', partition: 'virtual' },
  ],
  [
    'sparable',
    { udf: { revision: '2.01', partition: 'sparable', packetBlocks: 16 } },
    { revision: '2.01', partition: 'sparable' },
  ],
  ['for a BD', { medium: 'bd' }, {}],
  ['for a CD', { medium: 'cd' }, {}],
  [
    'texts',
    {
      identifiers: {
        system: 'LINUX',
        volumeSet: 'SET',
        publisher: 'Me',
        preparer: 'You',
        copyrightFile: 'readme.txt',
        abstractFile: 'readme.txt',
        bibliographicFile: 'readme.txt',
      },
      application: 'a test',
    },
    { texts: ['LINUX', 'SET', 'Me', 'You', 'readme.txt', 'readme.txt', 'readme.txt', 'a test'] },
  ],
  ['dates', { dates: { creation: new Date(creation), modification, expiration, effective } }, { dates }],
  [
    'layout',
    { ...isoOnly, layout: { paddingBlocks: 7, lengthMultiple: 5, alignment: 16, alignFrom: 4096 } },
    { layout: [7, 5, 16, 4096] },
  ],
  ['permissions', { fileMode: 0o600, directoryMode: 0o700 }, { modes: [0o600, 0o700] }],
]) {
  test(`options: ${name}`, () => {
    const { fileSystems, medium, ...base } = options();
    const filled = chosen.medium === undefined ? { fileSystems, ...base } : base;
    assertSame(FEW, { ...filled, ...chosen }, native);
  });
}

test('what entries have besides name and content', () => {
  const digest = Array.from({ length: 32 }, (_, n) => n);
  assertSame(
    [
      {
        path: 'd',
        kind: DIRECTORY,
        size: 0,
        modified: null,
        mode: 0o700,
        uid: 1,
        gid: 2,
        hiddenIn: ['joliet'],
      },
      file('d/last', 3000, {
        weight: -5,
        mode: 0o4755,
        uid: 1000,
        gid: 100,
        accessed: CREATED,
        changed: CREATED + 5000,
      }),
      file('d/first', 3000, { weight: 9, created: CREATED - 1000, hidden: true }),
      file('twin 1', 7000, { digest }),
      file('twin 2', 7000, { digest }),
      file('streamed', 10, {
        streams: [
          { name: 'fork', size: 4000 },
          { name: 'empty', size: 0 },
        ],
        realTime: true,
      }),
      file('attributed', 0, { extendedAttributes: [['user.note', [1, 2, 3]]] }),
      { path: 'other name', kind: HARD_LINK, size: 0, modified: null, target: 'd/first' },
      { path: 'null', kind: 4, size: 0, modified: null, device: [1, 3] },
      { path: 'disk', kind: 5, size: 0, modified: null, device: [8, 0] },
      { path: 'pipe', kind: 6, size: 0, modified: null },
      { path: 'socket', kind: 7, size: 0, modified: null },
    ],
    options({ udf: { revision: '2.01' }, layout: { deduplicate: true } }),
    { revision: '2.01', deduplicate: true },
  );
});

test('small files in their entries', () => {
  const entries = [file('small', 3, { content: [1, 2, 3] }), file('large', 9000)];
  assertSame(entries, options({ ...udfOnly, udf: { embed: true } }), { embed: true });
});

test('images that start machines', () => {
  const code = Array.from({ length: 4096 }, (_, n) => n & 255);
  const entries = [file('boot/loader.bin', 4096, { content: code }), file('efi.img', 70_000)];
  const boot = {
    entries: [
      { platform: 'bios', image: '/boot/loader.bin', infoTable: true, sectorCount: 4, loadSegment: 0x7c0 },
      { platform: 'uefi', image: 'efi.img' },
      { platform: 'powerPc', image: Uint8Array.from(code) },
    ],
    catalogPath: 'boot/boot.cat',
    systemArea: Uint8Array.of(1, 2, 3),
    hybrid: { table: 'both', systemPartition: 'appended', code: { bytes: Uint8Array.of(0xeb, 0xfe) } },
  };
  const native = {
    boot: [
      { platform: 0, path: 'boot/loader.bin', infoTable: true, sectors: 4, loadSegment: 0x7c0 },
      { platform: 0xef, path: 'efi.img' },
      { platform: 1, bytes: code },
    ],
    catalog: 'boot/boot.cat',
    systemArea: [1, 2, 3],
    hybrid: 'both',
    code: [0xeb, 0xfe],
  };
  assertSame(entries, options({ boot }), native);
  const floppy = Array.from({ length: 1_474_560 }, () => 0);
  assertSame(
    [],
    options({
      boot: { entries: [{ platform: 0, image: Uint8Array.from(floppy), emulation: 'floppy1440' }] },
    }),
    { boot: [{ platform: 0, bytes: floppy, floppy: true }] },
  );
});
