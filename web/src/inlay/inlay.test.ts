import { expect, test } from 'vitest';
import { chooseLanguage } from '../strings/strings.ts';
import { ContentTree, type DirectoryNode } from '../tree/model.ts';
import { inlayText, outlineOf } from './inlay.ts';

function tree(...paths: string[]): ContentTree {
  const made = new ContentTree();
  for (const path of paths) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    const parent = names.reduce<DirectoryNode>((at, each) => made.addDirectory(at, each), made.root);
    made.addFile(parent, name, { size: 10, lastModified: 0 });
  }
  return made;
}

const contents = tree('b.txt', 'a10/x', 'a9/deep/deeper/deepest/y', 'a.txt');

test('folders come first, down to some levels', () => {
  const { lines, more } = outlineOf(contents.root, 2);
  expect(lines.map(({ depth, name, files }) => `${depth} ${name} ${files}`)).toEqual([
    '0 a9 1',
    '1 deep 1',
    '0 a10 1',
    '1 x 1',
    '0 a.txt 1',
    '0 b.txt 1',
  ]);
  expect(more).toBe(0);
});

test('names come in the order of the language that the page is in', async () => {
  const names = tree('oz', 'ñu', 'nz');
  await chooseLanguage('es');
  expect(outlineOf(names.root).lines.map(({ name }) => name)).toEqual(['nz', 'ñu', 'oz']);
  await chooseLanguage('en');
  expect(outlineOf(names.root).lines.map(({ name }) => name)).toEqual(['ñu', 'nz', 'oz']);
});

test('a folder may hold more than a call takes arguments', () => {
  const large = new ContentTree();
  for (let at = 0; at < 200_000; at += 1) {
    large.addFile(large.root, `${at}`, { size: 1, lastModified: 0 });
  }
  expect(outlineOf(large.root, 1, 2)).toMatchObject({ lines: [{ name: '0' }, { name: '1' }], more: 199_998 });
});

test('what does not fit is counted', () => {
  const { lines, more } = outlineOf(contents.root, 1, 3);
  expect([lines.length, more]).toEqual([3, 1]);
});

test('the text has all there is', () => {
  const inlay = {
    title: 'Photos',
    volume: 'PHOTOS',
    medium: 'DVD+R',
    date: 0,
    sizeBytes: 2048,
    sha256: 'abc',
    outline: { ...outlineOf(contents.root, 1, 3), more: 2 },
  };
  const words = {
    volume: 'Volume',
    medium: 'Disc',
    date: 'Burned',
    size: 'Size',
    checksum: 'SHA-256',
    more: (n: number) => `and ${n} more`,
  };
  const format = { bytes: (value: number) => `${value} B`, date: () => 'today' };
  expect(inlayText(inlay, words, format)).toBe(
    'Photos\n\nVolume: PHOTOS\nDisc: DVD+R\nBurned: today\nSize: 2048 B\nSHA-256: abc\n\n' +
      'a9/  10 B\na10/  10 B\na.txt  10 B\nand 2 more\n',
  );
});
