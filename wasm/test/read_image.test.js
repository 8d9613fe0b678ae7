/** Images read back: those of others, and those of every form that is made here. */
import assert from 'node:assert/strict';
import {
  mkdirSync,
  openAsBlob,
  readFileSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { buildImage, ImageError } from 'discwright';
import { openImage } from 'discwright/read';

import { CREATED } from './entries.js';
import { collected, folder, rejection, run } from './fixtures.js';

const BIG = Buffer.alloc(3_000_000, 'big');

async function all(list) {
  const entries = [];
  for await (const entry of list) {
    entries.push(entry);
  }
  return entries;
}

test('an image of genisoimage, as each of its file systems has it', async (t) => {
  const place = folder(t);
  const source = join(place, 'source');
  mkdirSync(join(source, 'Unterordner/tief'), { recursive: true });
  writeFileSync(join(source, 'Unterordner/tief/Grüße.data'), BIG);
  writeFileSync(join(source, 'readme.text'), 'read me', { mode: 0o640 });
  symlinkSync('readme.text', join(source, 'link'));
  const file = join(place, 'other.iso');
  run('genisoimage', [
    '-quiet',
    '-V',
    'OTHER',
    '-J',
    '-R',
    '-udf',
    '-input-charset',
    'utf-8',
    '-o',
    file,
    source,
  ]);
  const images = [file, new URL(`file://${file}`), readFileSync(file), await openAsBlob(file)];
  for (const given of images) {
    const image = await openImage(given);
    assert.deepEqual(image.fileSystems, ['udf', 'rockRidge', 'joliet', 'iso9660']);
    assert.equal(image.size, readFileSync(file).length);
    for (const fileSystem of image.fileSystems) {
      assert.equal(image.problem(fileSystem), null);
      assert.match(image.volume(fileSystem).volumeId, /OTHER/);
      const entries = await all(image.list({ fileSystem }));
      const big = entries.find(({ size }) => size === BIG.length);
      assert.ok(big, fileSystem);
      const content = await image.extract(big.path, { fileSystem });
      assert.deepEqual(Buffer.from(await content.bytes()), BIG);
      assert.deepEqual(Buffer.from(await (await content.blob()).arrayBuffer()), BIG);
      assert.deepEqual(await collected(content.stream()), BIG);
    }
    assert.equal(image.volume('udf').udfRevision, '1.02');
    const unix = await all(image.list({ fileSystem: 'rockRidge' }));
    assert.deepEqual(unix.map(({ path, kind }) => [path, kind]).sort(), [
      ['Unterordner', 'directory'],
      ['Unterordner/tief', 'directory'],
      ['Unterordner/tief/Grüße.data', 'file'],
      ['link', 'symlink'],
      ['readme.text', 'file'],
    ]);
    const readme = await image.find('readme.text', { fileSystem: 'rockRidge' });
    assert.deepEqual([readme.mode & 0o777, readme.size], [0o640, 7]);
    assert.equal((await image.find('link', { fileSystem: 'rockRidge' })).target, 'readme.text');
    const within = await all(image.list({ fileSystem: 'joliet', path: 'Unterordner', recursive: false }));
    assert.deepEqual(
      within.map(({ path }) => path),
      ['Unterordner/tief'],
    );
    image.free();
  }
});

test('every revision and form of UDF that is written', async () => {
  const fileSystems = { iso9660: false, joliet: false, rockRidge: false };
  const forms = [
    ...['1.02', '1.50', '2.00', '2.01', '2.50', '2.60'].map((revision) => ({ revision })),
    { revision: '1.50', partition: 'virtual' },
    { revision: '2.01', partition: 'sparable' },
    { revision: '2.60', partition: 'pseudoOverwritable' },
    { revision: '2.50', embed: true },
  ];
  for (const udf of forms) {
    const made = await buildImage(
      {
        'd/日本': 'text',
        'd/big': BIG,
        ...Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`many/${n}`, `${n}`])),
      },
      { volumeId: 'Größe', created: CREATED, fileSystems, udf },
    );
    const image = await openImage(await made.blob());
    assert.deepEqual(image.fileSystems, ['udf']);
    assert.deepEqual(
      [image.volume().volumeId, image.volume().udfRevision, image.volume().created],
      ['Größe', udf.revision, CREATED],
    );
    assert.equal((await all(image.list())).length, 304, JSON.stringify(udf));
    assert.equal(Buffer.from(await (await image.extract('d/日本')).bytes()).toString(), 'text');
    assert.deepEqual(Buffer.from(await (await image.extract('d/big')).bytes()), BIG);
    assert.equal(Buffer.from(await (await image.extract('many/299')).bytes()).toString(), '299');
  }
});

test('what is given for entries comes back', async () => {
  const times = { modified: CREATED, accessed: CREATED + 1000, changed: CREATED + 2000 };
  const made = await buildImage(
    {
      a: { content: 'x', mode: 0o4751, uid: 5, gid: 6, ...times },
      c: { content: 'z', streams: { fork: 'the fork' } },
      b: { hardLink: 'a' },
      null: { special: 'characterDevice', major: 1, minor: 3 },
      secret: { content: 'y', hidden: true },
    },
    { created: CREATED, udf: { revision: '2.01' } },
  );
  const image = await openImage(await made.bytes());
  const entry = await image.find('a');
  assert.deepEqual([entry.mode, entry.uid, entry.gid, entry.links], [0o4751, 5, 6, 2]);
  assert.deepEqual(
    [entry.modified, entry.accessed, entry.changed],
    [times.modified, times.accessed, times.changed],
  );
  assert.equal((await image.find('b')).inode, entry.inode);
  assert.deepEqual((await image.find('null')).device, { kind: 'characterDevice', major: 1, minor: 3 });
  assert.ok((await image.find('secret')).hidden);
  assert.deepEqual(await image.streams('c'), [{ name: 'fork', size: 8 }]);
  assert.equal(
    Buffer.from(await (await image.extract('c', { stream: 'fork' })).bytes()).toString(),
    'the fork',
  );
  assert.equal((await rejection(image.extract('c', { stream: 'spoon' }))).kind, 'notFound');
});

test('a file becomes one of this machine, whole or not at all', async (t) => {
  const place = folder(t);
  const file = join(place, 'image.iso');
  const made = await buildImage({ big: BIG, tail: 'the end' }, { created: CREATED });
  await made.writeTo(file);
  const image = await openImage(file);
  await (await image.extract('big')).writeTo(join(place, 'big'));
  assert.deepEqual(readFileSync(join(place, 'big')), BIG);
  const content = await image.extract('big');
  truncateSync(file, made.blocksOf('big').start * 2048 + 5000);
  const error = await rejection(content.writeTo(join(place, 'half')));
  assert.deepEqual([error.kind, error.path], ['sourceTooShort', 'big']);
  assert.deepEqual(readdirSync(place).sort(), ['big', 'image.iso']);
});

test('what is not there, no file or no image is told by name', async () => {
  const made = await buildImage({ 'd/a': 'x', link: { symlink: 'd/a' } }, { created: CREATED });
  const bytes = await made.bytes();
  const image = await openImage(bytes);
  assert.equal(await image.find('d/b'), null);
  for (const [kind, ask] of [
    ['notFound', () => image.extract('d/b')],
    ['notAFile', () => image.extract('d')],
    ['notAFile', () => image.extract('link')],
    ['notFound', () => all(image.list({ path: 'nowhere' }))],
    ['notADirectory', () => all(image.list({ path: 'd/a' }))],
    ['noFileSystem', () => image.find('a', { fileSystem: 'fat' })],
    ['noFileSystem', async () => all((await openImage(new Uint8Array(1 << 20))).list())],
    ['unreadable', () => openImage('/nowhere/at all.iso')],
    ['invalidContent', () => openImage(7)],
    ['invalidOptions', () => openImage(bytes, { session: 'abc' })],
    ['invalidOptions', () => openImage(bytes, { session: -1 })],
  ]) {
    const error = await rejection(ask());
    assert.ok(error instanceof ImageError, String(error));
    assert.equal(error.kind, kind, error.message);
  }
  const cut = await openImage(bytes.slice(0, 40 * 2048));
  for (const fileSystem of cut.fileSystems) {
    if (cut.problem(fileSystem) === null) {
      const listed = await all(cut.list({ fileSystem })).catch((error) => error.kind);
      assert.ok(Array.isArray(listed) || ['truncated', 'malformed'].includes(listed), String(listed));
    }
  }
});

test('a file of an image that was cut short is not given as if it were whole', async (t) => {
  const made = await buildImage({ big: new Blob([BIG]) }, { created: CREATED });
  const whole = await made.bytes();
  const cut = whole.slice(0, made.blocksOf('big').start * 2048 + 5000);
  const path = join(folder(t), 'cut.iso');
  writeFileSync(path, cut);
  for (const given of [cut, new Blob([cut]), path]) {
    const file = await (await openImage(given)).extract('big', { fileSystem: 'rockRidge' });
    for (const way of [() => file.blob(), () => file.bytes()]) {
      const error = await rejection(way());
      assert.ok(error instanceof ImageError, String(error));
      assert.deepEqual([error.kind, error.path], ['sourceTooShort', 'big']);
    }
  }
});

test('an image that changes while it is open is not read on', async (t) => {
  const made = await buildImage({ 'd/a': 'x', 'd/b': 'y' }, { created: CREATED });
  const path = join(folder(t), 'open.iso');
  const changes = [() => truncateSync(path, 40 * 2048), () => utimesSync(path, 1, 1)];
  for (const change of changes) {
    await made.writeTo(path);
    const image = await openImage(path);
    const file = await image.extract('d/a');
    change();
    for (const way of [() => file.bytes(), () => file.blob()]) {
      const error = await rejection(way());
      assert.ok(['unreadable', 'sourceTooShort'].includes(error.kind), String(error));
    }
  }
});

test('a directory of an image that was cut short while it is open is not taken for a damaged one', async (t) => {
  const entries = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`many/file ${n}`, '']));
  const path = join(folder(t), 'open.iso');
  await (await buildImage(entries, { created: CREATED })).writeTo(path);
  const image = await openImage(path);
  truncateSync(path, 40 * 2048);
  const error = await rejection(all(image.list({ path: 'many', fileSystem: 'rockRidge' })));
  assert.equal(error.kind, 'unreadable', String(error));
  assert.match(error.message, /become shorter/);
});

test('a Blob is read in pieces, and a directory of many entries in few rounds', async () => {
  const entries = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`many/file ${n}`, '']));
  const made = await buildImage({ ...entries, last: 'x' }, { created: CREATED });
  const blob = await made.blob();
  let reads = 0;
  let bytes = 0;
  const counted = new Proxy(blob, {
    get(target, name) {
      if (name === 'slice') {
        return (from, to) => {
          reads += 1;
          bytes += Math.min(to, target.size) - from;
          return target.slice(from, to);
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const image = await openImage(counted);
  assert.ok(reads < 30 && bytes < 8 << 20, `${reads} reads of ${bytes} bytes to open`);
  for (const fileSystem of ['udf', 'rockRidge']) {
    reads = 0;
    assert.equal((await all(image.list({ fileSystem }))).length, 20_002);
    assert.ok(reads < 60, `${reads} reads to list`);
  }
});
