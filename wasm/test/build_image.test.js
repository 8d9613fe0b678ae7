/** Images from Files, buffers, streams and folders, out as Blobs, streams, bytes and files. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { buildImage, ImageError } from 'discwright';

import { CREATED } from './entries.js';
import { collected, folder, rejection, run, xorrisoExtract } from './fixtures.js';

const BIG = Buffer.alloc(3_000_000, 'big');
const options = { volumeId: 'BUILT', created: CREATED };

const stream = (bytes, size = 1000) =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) {
        controller.enqueue(new Uint8Array(bytes.subarray(at, at + size)));
      }
      controller.close();
    },
  });

/** Puts other bytes into a file, as many as there were, at another time. */
function rewritten(path) {
  writeFileSync(path, readFileSync(path).fill('x'));
  utimesSync(path, 1, 1);
}

function everything() {
  return {
    'text.txt': 'Grüße',
    'bytes.bin': Uint8Array.of(1, 2, 3),
    'view.bin': new DataView(Uint8Array.of(9, 8, 7, 6).buffer, 1, 2),
    'buffer.bin': Uint8Array.of(4, 5).buffer,
    'a/blob.bin': new Blob([BIG]),
    'a/file.txt': new File(['a file'], 'other name.txt', { lastModified: CREATED }),
    'a/stream.bin': { stream: () => stream(BIG), size: BIG.length },
    'a/node stream': {
      content: {
        stream: async () =>
          (async function* () {
            yield Buffer.from('node');
          })(),
        size: 4,
      },
    },
    'run.sh': { content: '#!/bin/sh\n', mode: 0o755, uid: 7, gid: 8, modified: new Date(CREATED) },
    empty: '',
    folder: { directory: true, mode: 0o700 },
    link: { symlink: 'a/file.txt' },
    again: { hardLink: 'text.txt' },
  };
}

const contents = {
  'text.txt': Buffer.from('Grüße'),
  'bytes.bin': Buffer.of(1, 2, 3),
  'view.bin': Buffer.of(8, 7),
  'buffer.bin': Buffer.of(4, 5),
  'a/blob.bin': BIG,
  'a/file.txt': Buffer.from('a file'),
  'a/stream.bin': BIG,
  'a/node stream': Buffer.from('node'),
  'run.sh': Buffer.from('#!/bin/sh\n'),
  empty: Buffer.alloc(0),
  again: Buffer.from('Grüße'),
};

test('all kinds of content arrive, and all ways out give the same bytes', async (t) => {
  const image = await buildImage(everything(), options);
  const bytes = await image.bytes();
  assert.equal(bytes.length, image.size);
  assert.equal(image.size, image.blocks * 2048);
  const blob = await image.blob();
  assert.deepEqual(Buffer.from(await blob.arrayBuffer()), Buffer.from(bytes));
  assert.deepEqual(await collected(image.stream()), Buffer.from(bytes));
  const place = folder(t);
  const file = join(place, 'out.iso');
  await image.writeTo(file);
  assert.deepEqual(readFileSync(file), Buffer.from(bytes));
  assert.deepEqual(readdirSync(place), ['out.iso']);
  xorrisoExtract(file, join(place, 'extracted'));
  for (const [path, content] of Object.entries(contents)) {
    assert.deepEqual(readFileSync(join(place, 'extracted', path)), content, path);
  }
  const listed = run('xorriso', ['-indev', file, '-lsl', '/', '--']);
  assert.match(listed, /-rwxr-xr-x +1 7 +8 .*run\.sh/);
  assert.match(listed, /drwx------ .*folder/);
  assert.match(listed, /link' -> 'a\/file\.txt/);
  assert.match(run('isoinfo', ['-R', '-l', '-i', file]), /-rw-r--r-- +2 .*again/);
  image.free();
});

test('pairs, maps, lists of Files and generators are lists of files too', async () => {
  const names = ['a.txt', 'b.txt'];
  const expected = await (await buildImage({ 'a.txt': 'a.txt', 'b.txt': 'b.txt' }, options)).bytes();
  async function* later() {
    yield* names.map((name) => [name, name]);
  }
  for (const files of [
    names.map((name) => [name, name]),
    new Map(names.map((name) => [name, name])),
    later(),
  ]) {
    assert.deepEqual(await (await buildImage(files, options)).bytes(), expected);
  }
  const files = names.map((name) => new File([name], name, { lastModified: CREATED }));
  assert.deepEqual(await (await buildImage(files, options)).bytes(), expected);
});

test('a folder of this machine goes in with all that is in it', async (t) => {
  const place = folder(t);
  const source = join(place, 'source');
  mkdirSync(join(source, 'sub'), { recursive: true });
  writeFileSync(join(source, 'sub/data.bin'), BIG);
  writeFileSync(join(source, 'script'), 'x', { mode: 0o750 });
  symlinkSync('sub/data.bin', join(source, 'link'));
  const image = await buildImage(
    { '/': { path: source }, 'copy/of data': { path: join(source, 'link') } },
    options,
  );
  const file = new URL(`file://${join(place, 'out.iso')}`);
  await image.writeTo(file);
  xorrisoExtract(join(place, 'out.iso'), join(place, 'extracted'));
  assert.deepEqual(readFileSync(join(place, 'extracted/link')), BIG);
  assert.deepEqual(readFileSync(join(place, 'extracted/copy/of data')), BIG);
  assert.match(run('xorriso', ['-indev', join(place, 'out.iso'), '-lsl', '/', '--']), /-rwxr-x--- .*script/);
  const blob = await image.blob();
  assert.deepEqual(Buffer.from(await blob.arrayBuffer()), readFileSync(join(place, 'out.iso')));
  const missing = await rejection(buildImage({ x: { path: join(source, 'missing') } }));
  assert.deepEqual([missing.kind, missing.path], ['unreadable', 'x']);
  assert.match(missing.message, /missing/);
});

test('the attributes of a folder are those of all in it, and its directories can be entered', async (t) => {
  const place = folder(t);
  mkdirSync(join(place, 'source/sub'), { recursive: true });
  writeFileSync(join(place, 'source/sub/file'), 'x', { mode: 0o700 });
  const image = await buildImage({ '/all': { path: join(place, 'source'), mode: 0o640, uid: 7 } }, options);
  await image.writeTo(join(place, 'out.iso'));
  const listed = run('xorriso', ['-indev', join(place, 'out.iso'), '-find', '/all', '-exec', 'lsdl', '--']);
  assert.match(listed, /drwxr-x--- +\d+ 7 .*'\/all'/);
  assert.match(listed, /drwxr-x--- +\d+ 7 .*sub'/);
  assert.match(listed, /-rw-r----- +\d+ 7 .*file'/);
  const beyond = await rejection(
    buildImage({ '/': { path: join(place, 'source'), mode: 2 ** 32 } }, options),
  );
  assert.ok(beyond instanceof ImageError, String(beyond));
});

test('what is of another length than it was said is refused by name, and leaves no file', async (t) => {
  const place = folder(t);
  const grown = join(place, 'grown.bin');
  writeFileSync(grown, 'four');
  const cases = [
    ['sourceTooShort', { stream: () => stream(Buffer.from('abc')), size: 4 }, () => undefined],
    ['sourceTooLong', { stream: () => stream(Buffer.from('abcde')), size: 4 }, () => undefined],
    ['sourceTooLong', { path: grown }, () => writeFileSync(grown, 'fiver')],
    ['sourceTooShort', { path: grown }, () => truncateSync(grown, 2)],
    ['unreadable', { path: grown }, () => rewritten(grown)],
    ['unreadable', { path: grown }, () => rmSync(grown)],
  ];
  for (const [kind, content, change] of cases) {
    const image = await buildImage({ 'd/bad': content }, options);
    change();
    const target = join(place, 'never.iso');
    const ways = [
      () => image.bytes(),
      () => collected(image.stream()),
      () => image.writeTo(target),
      () => image.blob(),
    ];
    for (const way of ways) {
      const error = await rejection(way());
      assert.ok(error instanceof ImageError, String(error));
      assert.deepEqual([error.kind, error.path], [kind, 'd/bad']);
      assert.match(error.message, /d\/bad/);
    }
    assert.deepEqual(
      readdirSync(place).filter((name) => name !== 'grown.bin'),
      [],
    );
  }
});

test('a stream needs its size, and is read once unless it can be opened again', async () => {
  for (const bare of [
    stream(BIG),
    { content: stream(BIG) },
    { stream: stream(BIG) },
    { stream: stream(BIG), size: -1 },
  ]) {
    const error = await rejection(buildImage({ 'the stream': bare }));
    assert.deepEqual([error.kind, error.path], ['sizeNeeded', 'the stream']);
    assert.match(error.hint, /size/);
  }
  const once = await buildImage({ once: { stream: stream(BIG), size: BIG.length } }, options);
  assert.equal((await once.bytes()).length, once.size);
  assert.equal((await rejection(once.bytes())).kind, 'streamUsed');
});

test('what no image can have is refused by its path', async () => {
  const special = ['door', 'file', 'directory', 'toString'].map((name) => ({ special: name }));
  for (const bad of [7, null, undefined, {}, { content: 7 }, ...special]) {
    const error = await rejection(buildImage({ 'x/y': bad }));
    assert.deepEqual([error.kind, error.path], ['invalidContent', 'x/y'], JSON.stringify(bad));
  }
  const half = await rejection(buildImage({ 'a\ud800': '' }));
  assert.equal(half.kind, 'invalidPath');
  const link = await rejection(buildImage({ 'd/a': { symlink: 'x\ud800' } }));
  assert.equal(link.kind, 'invalidTarget');
  assert.equal(link.path, 'd/a');
  const up = await rejection(buildImage({ '../up': '' }));
  assert.ok(
    up instanceof ImageError && up.kind === 'invalidName' && up.path === '../up' && up.hint.length > 0,
  );
  const mode = await rejection(buildImage({ a: { content: '', mode: -1 } }));
  assert.deepEqual([mode.kind, mode.path], ['invalidEntries', 'a']);
  for (const modified of [new Date('nope'), Number.NaN, Infinity, '2026-03-01', null]) {
    const date = await rejection(buildImage({ a: { content: '', modified } }));
    assert.deepEqual([date.kind, date.path], ['invalidDate', 'a'], String(modified));
  }
});

test('what is no list of files is refused, and not taken for another', async () => {
  const file = new File(['a'], 'a.txt');
  for (const bad of [
    file,
    new Blob(['a']),
    null,
    undefined,
    'a.txt',
    7,
    ['abc'],
    [new Blob(['a'])],
    [[7, '']],
  ]) {
    const error = await rejection(buildImage(bad));
    assert.ok(error instanceof ImageError, String(error));
    assert.equal(error.kind, 'invalidContent');
    assert.match(error.hint, /\[path, entry\]/);
  }
});

test('a path may begin with a slash, as what is started and as what it is found by', async () => {
  const bytes = Buffer.alloc(2048, 'boot');
  const images = [];
  for (const [path, named] of [
    ['isolinux.bin', 'isolinux.bin'],
    ['/isolinux.bin', 'isolinux.bin'],
    ['isolinux.bin', '/isolinux.bin'],
    ['/isolinux.bin', '/isolinux.bin'],
  ]) {
    const boot = { entries: [{ platform: 'bios', image: named, infoTable: true }] };
    const image = await buildImage({ [path]: { content: bytes, modified: CREATED } }, { ...options, boot });
    images.push(Buffer.from(await image.bytes()));
  }
  assert.ok(images.every((image) => image.equals(images[0])));
});

test('more bytes than fit into memory are refused by name', async () => {
  const size = 2 ** 42;
  const image = await buildImage({ hole: { stream: () => stream(BIG), size } }, options);
  const error = await rejection(image.bytes());
  assert.ok(error instanceof ImageError, String(error));
  assert.equal(error.kind, 'outOfMemory');
});

test('progress goes up to the size, and a signal ends the work and its file', async (t) => {
  const place = folder(t);
  const image = await buildImage({ big: new Blob([BIG]) }, options);
  const seen = [];
  await image.writeTo(join(place, 'out.iso'), { onProgress: ({ bytes, size }) => seen.push([bytes, size]) });
  assert.deepEqual(seen.at(-1), [image.size, image.size]);
  assert.ok(seen.every(([bytes], index) => index === 0 || bytes > seen[index - 1][0]));
  const abort = new AbortController();
  const target = join(place, 'aborted.iso');
  const writing = image.writeTo(target, { signal: abort.signal, onProgress: () => abort.abort() });
  assert.equal((await rejection(writing)).name, 'AbortError');
  assert.deepEqual(readdirSync(place), ['out.iso']);
  assert.equal((await rejection(image.bytes({ signal: AbortSignal.abort() }))).name, 'AbortError');
  assert.equal((await rejection(buildImage({ a: '' }, { signal: AbortSignal.abort() }))).name, 'AbortError');
  const lost = await rejection(image.writeTo(join(place, 'no folder', 'x.iso')));
  assert.equal(lost.kind, 'notWritten');
  assert.match(lost.path, /no folder/);
});

test('a file that is replaced passes its permissions on, and links and pipes stay what they are', async (t) => {
  const place = folder(t);
  const at = (name) => join(place, name);
  const image = await buildImage({ big: new Blob([BIG]) }, options);
  const bytes = Buffer.from(await image.bytes());
  mkdirSync(at('shelf'));
  for (const mode of [0o600, 0o666]) {
    writeFileSync(at('shelf/old.iso'), 'old');
    chmodSync(at('shelf/old.iso'), mode);
    rmSync(at('link'), { force: true });
    symlinkSync('shelf/old.iso', at('link'));
    await image.writeTo(at('link'));
    assert.ok(lstatSync(at('link')).isSymbolicLink());
    assert.equal(statSync(at('shelf/old.iso')).mode & 0o7777, mode);
    assert.deepEqual(readFileSync(at('shelf/old.iso')), bytes);
  }
  symlinkSync('shelf/new.iso', at('ahead'));
  await image.writeTo(at('ahead'));
  assert.deepEqual(readFileSync(at('shelf/new.iso')), bytes);
  run('mkfifo', [at('pipe')]);
  const [received] = await Promise.all([readFile(at('pipe')), image.writeTo(at('pipe'))]);
  assert.deepEqual(received, bytes);
  assert.ok(lstatSync(at('pipe')).isFIFO());
  assert.equal((await rejection(image.writeTo(at('shelf')))).kind, 'notWritten');
  assert.deepEqual(readdirSync(place), ['ahead', 'link', 'pipe', 'shelf']);
  assert.deepEqual(readdirSync(at('shelf')), ['new.iso', 'old.iso']);
});

test('a stream asks for no more than is read, and ends what it reads from', async () => {
  let opened = 0;
  let cancelled = false;
  const endless = {
    stream: () =>
      new ReadableStream(
        {
          pull: (c) => {
            opened += 1;
            c.enqueue(new Uint8Array(1 << 20));
          },
          cancel: () => {
            cancelled = true;
          },
        },
        { highWaterMark: 0 },
      ),
    size: 1 << 30,
  };
  const image = await buildImage({ endless }, options);
  const reader = image.stream().getReader();
  for (let read = 0; read < 5_000_000;) {
    read += (await reader.read()).value.length;
  }
  assert.ok(opened < 7, `${opened} chunks were read`);
  await reader.cancel();
  assert.ok(cancelled);
});

test('streams of a million megabytes are no more work to plan than short ones', async () => {
  const image = await buildImage({ huge: { stream: () => stream(BIG), size: 2 ** 40 } }, options);
  assert.ok(image.size > 2 ** 40 && image.size < 2 ** 40 + 2 ** 24);
});

test('an image answers for its files, names and blocks', async () => {
  const image = await buildImage({ 'Ünï code.text': 'x', '/b/c': 'yy', e: '' }, { ...options, isoLevel: 1 });
  assert.equal(image.names('Ünï code.text').joliet, 'Ünï code.text');
  assert.match(image.names('Ünï code.text').iso, /^[A-Z0-9_]{1,8}\.[A-Z0-9_]{1,3};1$/);
  const volume = await buildImage({}, { ...options, volumeId: 'My Photos: 2026' });
  assert.deepEqual(
    volume.volumeNames().changes.map(({ fileSystem, name, cause }) => [fileSystem, name, cause]),
    [
      ['iso9660', 'MY_PHOTOS__2026', 'characters'],
      ['joliet', 'My Photos_ 2026', 'characters'],
    ],
  );
  const { start, count } = image.blocksOf('b/c');
  assert.equal(count, 1);
  assert.deepEqual(image.filesAt(start), ['/b/c']);
  assert.equal(image.blocksOf('e'), null);
  assert.throws(
    () => image.names('nowhere'),
    (error) => error.kind === 'notFound' && error.path === 'nowhere',
  );
  assert.deepEqual(image.warnings(), []);
});

test('named streams and small files in their entries', async () => {
  const image = await buildImage(
    { a: { content: 'small', streams: { fork: 'the fork', large: new Blob([BIG]) } } },
    {
      ...options,
      fileSystems: { iso9660: false, joliet: false, rockRidge: false },
      udf: { revision: '2.50', embed: true },
    },
  );
  const bytes = Buffer.from(await image.bytes());
  assert.ok(bytes.includes('the fork') && bytes.includes('small') && bytes.includes(BIG));
});

test('the clock is asked only where no time is given', async () => {
  const [first, second] = [await buildImage({ a: 'x' }, options), await buildImage({ a: 'x' }, options)];
  assert.deepEqual(await first.bytes(), await second.bytes());
  const year = new Date().getUTCFullYear();
  const now = Buffer.from(
    (await (await buildImage({ a: 'x' })).bytes()).subarray(16 * 2048 + 813, 16 * 2048 + 817),
  );
  assert.ok([year, year - 1].map(String).includes(now.toString('latin1')));
  assert.ok(!existsSync('undefined'));
});
