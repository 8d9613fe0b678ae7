/** The package as a page or a program uses it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { planImage } from 'discwright';

import { CREATED, DIRECTORY, FILE, HARD_LINK, SYMLINK, options, toArrays } from './entries.js';

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
  const plan = planImage(
    toArrays([file('a/one.bin', 5000), file('two.bin', 1), file('empty', 0)]),
    options(),
  );
  const { kinds, sources, lengths, starts } = plan.segments();
  assert.ok(kinds instanceof Uint8Array && sources instanceof Uint32Array);
  assert.ok(starts instanceof Float64Array && lengths instanceof Float64Array);
  assert.equal(
    lengths.reduce((sum, length) => sum + length, 0),
    plan.sizeBytes,
  );
  assert.equal(plan.sizeBytes, plan.sizeBlocks * 2048);
  const files = [...kinds.keys()]
    .filter((i) => kinds[i] === 1)
    .map((i) => [sources[i], starts[i], lengths[i]]);
  assert.deepEqual(files.sort(), [
    [0, 0, 5000],
    [1, 0, 1],
  ]);
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
  const given = new Uint8Array(3 * 2048 - 1).fill(0xff);
  plan.renderInto(16, given);
  assert.deepEqual(given.subarray(0, 4096), plan.render(16, 2));
  assert.ok(given.subarray(4096).every((byte) => byte === 0xff));
  assert.equal(thrown(() => plan.renderInto(plan.sizeBlocks, given)).kind, 'outOfRange');
});

test('names tell what each file system makes of an entry', () => {
  const plan = planImage(
    toArrays([file('Grüße vom Meer.jpeg', 1), file('A.TXT', 1)]),
    options({ isoLevel: 1 }),
  );
  const [greetings, plain] = plan.names(0, 2);
  assert.equal(greetings.joliet, 'Grüße vom Meer.jpeg');
  assert.equal(greetings.rockRidge, 'Grüße vom Meer.jpeg');
  assert.equal(greetings.udf, 'Grüße vom Meer.jpeg');
  assert.match(greetings.iso, /^[A-Z0-9_]{1,8}\.[A-Z0-9_]{0,3}(;1)?$/);
  assert.ok(
    greetings.changes.some(({ fileSystem, reason }) => fileSystem === 'iso9660' && reason.length > 0),
  );
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

test('options that make no sense are refused by the name of their field', () => {
  const arrays = toArrays([]);
  for (const [bad, pattern] of [
    [7, /options/],
    [{ isoLevel: 9 }, /isoLevel is 9: .*1, 2, 3 or 4/],
    [{ medium: 'floppy' }, /medium is "floppy": .*dvd-dl/],
    [{ created: NaN }, /created/],
    [{ created: new Date('never') }, /created/],
    [{ volumeId: 7 }, /volumeId is 7/],
    [{ volumeId: 'a\ud800' }, /volumeId/],
    [{ fileSystems: { udf: 'yes' } }, /fileSystems\.udf is "yes": expected true or false/],
    [{ udf: { revision: '3.00' } }, /udf\.revision is "3\.00": .*2\.60/],
    [{ udf: { revison: '2.00' } }, /udf\.revison is not known/],
    [{ udf: { packetBlocks: 32 } }, /udf\.packetBlocks/],
    [{ layout: { alignment: -1 } }, /layout\.alignment is -1/],
    [{ layout: { paddingBlocks: 1.5 } }, /layout\.paddingBlocks is 1\.5/],
    [{ iso9660: { names: { maxLength: 30 } } }, /iso9660\.names\.maxLength is 30/],
    [{ boot: { entries: [{ platform: 'bios' }] } }, /boot\.entries\[0\]\.image/],
    [{ boot: { entries: [{ image: 'x' }] } }, /boot\.entries\[0\]\.platform/],
    [{ boot: { hybrid: {} } }, /boot\.hybrid\.table/],
    [{ boot: { catalogHiddenIn: ['fat'] } }, /boot\.catalogHiddenIn/],
  ]) {
    const failure = thrown(() => planImage(arrays, bad));
    assert.equal(failure.kind, 'invalidOptions', JSON.stringify(bad));
    assert.match(failure.message, pattern);
  }
  assert.match(thrown(() => planImage(arrays, { udf: { x: 1 } })).hint, /revision, .*embed/);
});

test('every option has a default', () => {
  const [bare, none, empty] = [
    planImage(toArrays([])),
    planImage(toArrays([]), null),
    planImage(toArrays([]), {}),
  ];
  assert.equal(Buffer.from(bare.render(16, 1)).toString('latin1', 40, 72).trimEnd(), 'DISC');
  assert.deepEqual(bare.render(0, 64), none.render(0, 64));
  assert.deepEqual(bare.render(0, 64), empty.render(0, 64));
});

test('what the planner refuses has a stable name', () => {
  const arrays = toArrays([file('a', 1)]);
  for (const [kind, chosen] of Object.entries({
    noFileSystem: { fileSystems: { iso9660: false, joliet: false, rockRidge: false, udf: false } },
    needsIso9660: { fileSystems: { iso9660: false } },
    invalidVolumeName: { volumeId: '' },
    udfForm: { udf: { partition: 'virtual' } },
    identifierTooLong: { identifiers: { system: 'x'.repeat(33) } },
    notInRoot: { identifiers: { copyrightFile: 'missing' } },
    overBudget: { layout: { maxBlocks: 3 } },
    boot: { boot: { entries: [{ platform: 'bios', image: 'missing' }] } },
    forbidden: { strict: true, iso9660: { names: { lowerCase: true } } },
  })) {
    const failure = thrown(() => planImage(arrays, options(chosen)));
    assert.equal(failure.kind, kind);
    assert.ok(failure.message.length > 10 && failure.hint.length > 5, kind);
  }
});

test('details are refused by their place', () => {
  const plan = (details) => () =>
    planImage({ ...toArrays([file('a', 1), file('b', 1)]), details }, options());
  for (const [details, pattern] of [
    [{}, /details is not an array/],
    [[{}], /details\[0\]\.entry/],
    [[{ entry: 2 }], /details\[0\]\.entry/],
    [[{ entry: 1 }, { entry: 0 }], /details\[1\]\.entry/],
    [[{ entry: 0, weight: 0.5 }], /details\[0\]\.weight/],
    [[{ entry: 0, digest: new Uint8Array(31) }], /details\[0\]\.digest/],
    [[{ entry: 0, colour: 'red' }], /details\[0\]\.colour is not known/],
  ]) {
    const failure = thrown(plan(details));
    assert.equal(failure.kind, 'invalidEntries');
    assert.match(failure.message, pattern);
  }
  const link = { path: 'link', kind: HARD_LINK, size: 0, modified: CREATED, target: 'later' };
  const failure = thrown(() => planImage(toArrays([link, file('later', 1)]), options()));
  assert.deepEqual([failure.kind, failure.path], ['notLinkable', 'link']);
});

test('blocks know their files, and files their blocks', () => {
  const plan = planImage(
    toArrays([
      file('a', 5000),
      file('empty', 0),
      { path: 'b', kind: HARD_LINK, size: 0, modified: CREATED, target: 'a' },
    ]),
    options(),
  );
  const [start, blocks] = plan.blocksOf(0);
  assert.equal(blocks, 3);
  assert.equal(plan.blocksOf(1), undefined);
  assert.deepEqual([...plan.entriesAt(start + 2)].sort(), [0, 2]);
  assert.deepEqual([...plan.entriesAt(16)], []);
  assert.equal(plan.blocksOf(99), undefined);
});

test('warnings tell what to do', () => {
  const deep = file('1/2/3/4/5/6/7/8/9/deep', 1);
  const warnings = planImage(toArrays([deep]), options()).warnings();
  const found = warnings.find(({ clause }) => clause === 'ECMA-119 6.8.2.1');
  assert.ok(found, JSON.stringify(warnings));
  assert.match(found.path, /^1\/2\/3/);
  assert.ok(found.hint.length > 5 && found.message.includes(found.path));
  assert.equal(found.kind, 'deepDirectory');
  const device = planImage(toArrays([file('aux.txt', 1)]), options()).warnings();
  assert.deepEqual(
    device.map(({ kind, reader }) => [kind, reader]),
    [['notForWindows', 'Windows']],
  );
});
