/**
 * The browser and the native build give the same bytes: every plan made here is compared, block for block, with the one
 * that image-core makes when compiled for this machine. NATIVE_IMAGE names that program (examples/native_image.rs).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { planImage } from 'discwright';

import { CREATED, DIRECTORY, FILE, SYMLINK, options, toArrays } from './entries.js';

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
  return lines;
}

function describeNative(entries, chosen) {
  const input = JSON.stringify({ entries, options: chosen });
  const { status, stdout, stderr } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n');
}

function assertSame(entries, chosen) {
  const plan = planImage(toArrays(entries), chosen);
  const here = describePlan(plan);
  plan.free();
  assert.deepEqual(here, describeNative(entries, chosen));
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

const NAMES = ['readme', 'READ ME', 'Übergröße', '日本語の名前', '🎉party', 'a.b.c', 'longer-than-eight-and-three', 'x'.repeat(180)];

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
    entries.push({ path, kind, size, modified, ...(kind === SYMLINK ? { target: `../${pick(NAMES)}` } : {}) });
  }
  return entries;
}

test('the native program is there to compare with', () => {
  assert.ok(program, 'set NATIVE_IMAGE, or run `cargo xtask test --only wasm`');
});

for (const [name, chosen] of Object.entries({
  'every file system': options(),
  'ISO 9660 alone, level 1': options({ isoLevel: 1, fileSystems: { iso9660: true, joliet: false, rockRidge: false, udf: false } }),
  'ISO 9660 and Rock Ridge': options({ fileSystems: { iso9660: true, joliet: false, rockRidge: true, udf: false } }),
  'Joliet': options({ fileSystems: { iso9660: true, joliet: true, rockRidge: false, udf: false } }),
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
