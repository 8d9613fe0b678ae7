/** The package as a page or a program uses it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { planImage } from 'discwright';

import { CREATED, DIRECTORY, FILE, SYMLINK, options, toArrays } from './entries.js';

const file = (path, size) => ({ path, kind: FILE, size, modified: CREATED });

/** What the call throws, which is a plain object and not an Error. */
function thrown(call) {
  try {
    call();
  } catch (failure) {
    return failure;
  }
  return assert.fail('nothing was thrown');
}

test('segments add up to the size, and files keep their places in the list', () => {
  const plan = planImage(toArrays([file('a/one.bin', 5000), file('two.bin', 1), file('empty', 0)]), options());
  const { kinds, sources, lengths, starts } = plan.segments();
  assert.ok(kinds instanceof Uint8Array && sources instanceof Uint32Array);
  assert.ok(starts instanceof Float64Array && lengths instanceof Float64Array);
  assert.equal(lengths.reduce((sum, length) => sum + length, 0), plan.sizeBytes);
  assert.equal(plan.sizeBytes, plan.sizeBlocks * 2048);
  const files = [...kinds.keys()].filter((i) => kinds[i] === 1).map((i) => [sources[i], starts[i], lengths[i]]);
  assert.deepEqual(files.sort(), [[0, 0, 5000], [1, 0, 1]]);
  plan.free();
});

test('the primary volume descriptor is at block 16 and carries the name', () => {
  const plan = planImage(toArrays([file('a', 1)]), options({ volumeId: 'HOLIDAY' }));
  const block = Buffer.from(plan.render(16, 1));
  assert.equal(block.length, 2048);
  assert.equal(block[0], 1);
  assert.equal(block.toString('latin1', 1, 6), 'CD001');
  assert.equal(block.toString('latin1', 40, 72).trimEnd(), 'HOLIDAY');
  assert.equal(block.readUInt32LE(80), plan.sizeBlocks);
});

test('rendering past the image or too much at once is refused', () => {
  const plan = planImage(toArrays([file('a', 1)]), options());
  assert.equal(thrown(() => plan.render(plan.sizeBlocks, 1)).kind, 'outOfRange');
  assert.equal(thrown(() => plan.render(0, 0xffffffff)).kind, 'outOfRange');
  assert.equal(plan.render(0, 0).length, 0);
});

test('names tell what each file system makes of an entry', () => {
  const plan = planImage(toArrays([file('Grüße vom Meer.jpeg', 1), file('A.TXT', 1)]), options({ isoLevel: 1 }));
  const [greetings, plain] = plan.names(0, 2);
  assert.equal(greetings.joliet, 'Grüße vom Meer.jpeg');
  assert.equal(greetings.rockRidge, 'Grüße vom Meer.jpeg');
  assert.equal(greetings.udf, 'Grüße vom Meer.jpeg');
  assert.match(greetings.iso, /^[A-Z0-9_]{1,8}\.[A-Z0-9_]{0,3}(;1)?$/);
  assert.ok(greetings.changes.some(({ fileSystem, reason }) => fileSystem === 'iso9660' && reason.length > 0));
  assert.deepEqual(plain.changes, []);
  assert.equal(plan.names(2, 10).length, 0);
  assert.equal(plan.names(1, 10).length, 1);
});

test('directories and symbolic links are entries too', () => {
  const plan = planImage(
    toArrays([
      { path: 'empty folder', kind: DIRECTORY, size: 4096, modified: CREATED },
      { path: 'link', kind: SYMLINK, size: 0, modified: CREATED, target: 'empty folder' },
    ]),
    options(),
  );
  assert.equal(plan.names(0, 2).length, 2);
  assert.ok(!plan.segments().kinds.includes(1));
});

test('half a UTF-16 pair in a path or a link is refused by name', () => {
  const entries = toArrays([file('d/abc', 1)]);
  entries.paths = Uint8Array.of(0x64, 0x2f, 0xed, 0xa0, 0x80);
  const failure = thrown(() => planImage(entries, options()));
  assert.equal(failure.kind, 'invalidPath');
  assert.equal(failure.path, 'd/\\xED\\xA0\\x80');
  assert.match(failure.message, /U\+D800/);
  assert.ok(failure.hint.length > 0 && !failure.message.includes('\ufffd'));
  const link = { path: 'link', kind: SYMLINK, size: 0, modified: CREATED, target: 'a\udc00' };
  assert.equal(thrown(() => planImage(toArrays([link]), options())).kind, 'invalidTarget');
  assert.ok(planImage(toArrays([{ ...link, target: 'a\u{1F600}' }]), options()).sizeBlocks > 0);
});

test('the same input gives the same bytes', () => {
  const entries = [file('b', 10), file('a', 20)];
  const [first, second] = [1, 2].map(() => planImage(toArrays(entries), options()));
  assert.deepEqual(first.render(0, 64), second.render(0, 64));
});

test('arrays that do not fit together are refused by name', () => {
  const sound = toArrays([file('a', 1), file('b', 2)]);
  const broken = {
    'shorter kinds': { kinds: sound.kinds.subarray(1) },
    'another type': { sizes: [1, 2] },
    'a wider type': { kinds: new Uint16Array(2) },
    'paths left over': { paths: new Uint8Array(99) },
    'ends backwards': { pathEnds: Uint32Array.of(2, 1) },
    'a link without target': { kinds: Uint8Array.of(0, 2) },
    'targets of another type': { targets: [7] },
    missing: { modified: undefined },
  };
  for (const [name, change] of Object.entries(broken)) {
    const failure = thrown(() => planImage({ ...sound, ...change }, options()));
    assert.equal(failure.kind, 'invalidEntries', name);
    assert.ok(failure.message.length > 10, name);
  }
});

test('an entry at fault is named', () => {
  for (const size of [-1, 0.5, NaN, 2 ** 53]) {
    const failure = thrown(() => planImage(toArrays([file('good', 1), file('bad', size)]), options()));
    assert.deepEqual([failure.kind, failure.path], ['invalidSize', 'bad']);
  }
  const late = { ...file('late', 1), modified: Infinity };
  assert.equal(thrown(() => planImage(toArrays([late]), options())).kind, 'invalidDate');
  const notText = { ...toArrays([file('ab', 1)]), paths: Uint8Array.of(0x61, 0xff) };
  assert.equal(thrown(() => planImage(notText, options())).kind, 'invalidPath');
});

test('what the tree or the planner refuses comes with its path', () => {
  const twice = thrown(() => planImage(toArrays([file('same', 1), file('same', 2)]), options()));
  assert.equal(twice.path, 'same');
  const under = thrown(() => planImage(toArrays([file('a', 1), file('a/b', 2)]), options()));
  assert.ok(under.path === 'a' || under.path === 'a/b', under.path);
  assert.notEqual(thrown(() => planImage(toArrays([file('../up', 1)]), options())).path, undefined);
});

test('options that make no sense are refused', () => {
  const arrays = toArrays([]);
  for (const bad of [undefined, {}, options({ isoLevel: 9 }), options({ medium: 'floppy' }), options({ created: NaN }), options({ volumeId: 7 })]) {
    assert.equal(thrown(() => planImage(arrays, bad)).kind, 'invalidOptions', JSON.stringify(bad));
  }
});
