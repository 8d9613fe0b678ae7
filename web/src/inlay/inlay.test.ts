import { expect, test } from 'vitest';
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
