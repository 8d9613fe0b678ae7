import { describe, expect, test } from 'vitest';
import { ContentTree, nodeAt, pathOf, type DirectoryNode, type FileNode } from '../tree/model.ts';
import { pack, TooLargeError, unitsOf } from './packing.ts';
import { contentsText, NoSplitError, split } from './split.ts';

const MB = 1024 * 1024;
const never = new AbortController().signal;

function treeFrom(files: Readonly<Record<string, number>>): ContentTree {
  const tree = new ContentTree();
  for (const [path, megabytes] of Object.entries(files)) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    const parent = names.reduce<DirectoryNode>((at, each) => tree.addDirectory(at, each), tree.root);
    tree.addFile(parent, name, { size: megabytes * MB, lastModified: 0 });
  }
  return tree;
}

const names = (bins: ReturnType<typeof pack>): string[][] =>
  bins.map((units) => units.map(({ node }) => pathOf(node)));

describe('packing', () => {
  test('folders stay whole where a disc holds them', () => {
    const { root } = treeFrom({ 'a/1': 40, 'a/2': 40, 'b/1': 30, 'c/1': 60, d: 5 });
    const bins = pack(unitsOf(root, 100 * MB), 100 * MB);
    expect(names(bins)).toEqual([
      ['a', 'd'],
      ['b', 'c'],
    ]);
  });

  test('what is in a folder that is too large comes beside its like', () => {
    const { root } = treeFrom({ 'big/1': 50, 'big/2': 50, 'big/3': 20, 'big/4': 20, other: 40 });
    const bins = names(pack(unitsOf(root, 100 * MB), 100 * MB));
    expect(bins.flat().sort()).toEqual(['big/1', 'big/2', 'big/3', 'big/4', 'other']);
    const withThree = bins.find((bin) => bin.includes('big/3'));
    expect(withThree?.some((path) => path === 'big/1' || path === 'big/2')).toBe(true);
  });

  test('no disc is filled beyond its room, and few are needed', () => {
    const files: Record<string, number> = {};
    for (let at = 0; at < 300; at += 1) {
      files[`f${at % 7}/${at}`] = ((at * 37) % 50) + 1;
    }
    const { root } = treeFrom(files);
    const room = 120 * MB;
    const bins = pack(unitsOf(root, room), room);
    const sums = bins.map((units) => units.reduce((sum, unit) => sum + unit.bytes, 0));
    expect(Math.max(...sums)).toBeLessThanOrEqual(room);
    const least = Math.ceil(sums.reduce((sum, each) => sum + each, 0) / room);
    // First fit decreasing: at most 11/9 of the least number and one.
    expect(bins.length).toBeLessThanOrEqual(Math.ceil((least * 11) / 9) + 1);
  });

  test('named streams take room, and go with their file', async () => {
    const tree = treeFrom({ 'a/1': 40, 'a/2': 40, b: 10 });
    const a = tree.root.children.get('a') as DirectoryNode;
    const one = a.children.get('1');
    const streams = [{ name: 'film', file: { size: 30 * MB, lastModified: 0 } }];
    tree.setDetails(one as FileNode, { streams });
    const [first, second] = unitsOf(tree.root, 100 * MB);
    expect([first?.node, second?.node.name], 'too large as a whole').toEqual([one, '2']);
    expect(first?.bytes).toBeGreaterThanOrEqual(70 * MB);
    expect(() => unitsOf(tree.root, 60 * MB)).toThrow('a/1');
    const parts = await split(tree.root, {
      capacity: 110 * MB,
      sizeOf: () => Promise.resolve(0),
      signal: never,
    });
    const found = parts.map((part) => nodeAt(part.tree, 'a/1')?.details?.streams);
    expect(found.filter((each) => each !== undefined)).toEqual([streams]);
  });

  test('a file that no disc holds is named', () => {
    const { root } = treeFrom({ 'films/long.mkv': 200 });
    expect(() => unitsOf(root, 100 * MB)).toThrow(TooLargeError);
    expect(() => unitsOf(root, 100 * MB)).toThrow('films/long.mkv');
  });
});

describe('splitting', () => {
  const contents = treeFrom({ 'a/1': 40, 'a/2': 40, 'b/1': 30, 'c/1': 60, d: 5 });
  const sizeWith =
    (overhead: number) =>
    (tree: ContentTree): Promise<number> =>
      Promise.resolve(tree.root.size + overhead);

  test('every file is on one disc, and the contents are untouched', async () => {
    const before = contents.revision;
    const parts = await split(contents.root, { capacity: 110 * MB, sizeOf: sizeWith(MB), signal: never });
    expect(parts.length).toBe(2);
    expect(parts.reduce((sum, { tree }) => sum + tree.root.size, 0)).toBe(contents.root.size);
    expect(parts.reduce((sum, { tree }) => sum + tree.root.files, 0)).toBe(5);
    expect(contents.revision).toBe(before);
  });

  test('discs are filled less where the plan says so', async () => {
    const sizeOf = sizeWith(24 * MB);
    const parts = await split(contents.root, { capacity: 110 * MB, sizeOf, signal: never });
    expect(parts.length).toBe(3);
    expect(Math.max(...parts.map(({ sizeBytes }) => sizeBytes))).toBeLessThanOrEqual(110 * MB);
    const full = split(contents.root, { capacity: 110 * MB, sizeOf: sizeWith(200 * MB), signal: never });
    await expect(full).rejects.toThrow(NoSplitError);
  });

  test('a list of all is on each', async () => {
    const texts: string[] = [];
    const make = (text: string) => {
      texts.push(text);
      return Promise.resolve({ size: text.length, lastModified: 0 });
    };
    const list = { name: 'CONTENTS.TXT', make };
    const parts = await split(contents.root, {
      capacity: 110 * MB,
      sizeOf: sizeWith(MB),
      list,
      signal: never,
    });
    expect(parts.map(({ tree }) => tree.root.children.has('CONTENTS.TXT'))).toEqual([true, true]);
    expect(texts).toEqual(['== 1 / 2 ==\r\n\r\na/1\r\na/2\r\nd\r\n\r\n== 2 / 2 ==\r\n\r\nb/1\r\nc/1\r\n']);
    expect(contentsText([])).toBe('');
  });
});
