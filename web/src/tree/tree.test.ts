import { describe, expect, test } from 'vitest';
import { Slicer } from '../schedule/slicer.ts';
import { ContentTree, freeName, pathOf, sizeOf, type TreeNode } from './model.ts';
import { BY_NAME, type Sorting } from './order.ts';
import { inRound, layOutRows, sortDirectory, visibleRange, type Look } from './rows.ts';
import { search } from './search.ts';
import { walk } from './walk.ts';

function file(size: number, name = 'x'): File {
  return new File([new Uint8Array(size)], name);
}

function look(open: readonly TreeNode[] = [], sorting: Sorting = BY_NAME): Look {
  return { sorting, found: null, isOpen: (directory) => open.includes(directory) };
}

describe('ContentTree', () => {
  test('sums sizes and counts up to the root', () => {
    const tree = new ContentTree();
    const a = tree.addDirectory(tree.root, 'a');
    const b = tree.addDirectory(a, 'b');
    tree.addFile(b, 'one', file(10));
    tree.addFile(a, 'two', file(5));
    expect([tree.root.size, tree.root.files, tree.root.directories]).toEqual([15, 2, 2]);
    expect([b.size, b.files]).toEqual([10, 1]);
    tree.remove(b);
    expect([tree.root.size, tree.root.files, tree.root.directories]).toEqual([5, 1, 1]);
    expect(tree.holds(b)).toBe(false);
  });

  test('adding a directory again gives the same one', () => {
    const tree = new ContentTree();
    expect(tree.addDirectory(tree.root, 'a')).toBe(tree.addDirectory(tree.root, 'a'));
    expect(tree.root.directories).toBe(1);
  });

  test('the same file name replaces and the size follows', () => {
    const tree = new ContentTree();
    tree.addFile(tree.root, 'a', file(10));
    const again = tree.addFile(tree.root, 'a', file(3));
    expect(again.outcome).toBe('replaced');
    expect([tree.root.size, tree.root.files]).toEqual([3, 1]);
  });

  test('a file never displaces a directory, nor the other way round', () => {
    const tree = new ContentTree();
    tree.addDirectory(tree.root, 'a.b');
    const { node, outcome } = tree.addFile(tree.root, 'a.b', file(1));
    expect([node.name, outcome]).toEqual(['a (2).b', 'renamed']);
    tree.addFile(tree.root, 'c', file(1));
    expect(tree.addDirectory(tree.root, 'c').name).toBe('c (2)');
  });

  test('renaming refuses names that are taken or unusable and keeps the old one', () => {
    const tree = new ContentTree();
    const { node } = tree.addFile(tree.root, 'a', file(1));
    tree.addFile(tree.root, 'b', file(1));
    expect(tree.rename(node, 'b')).toBe('taken');
    expect(tree.rename(node, 'x/y')).toBe('slash');
    expect(node.name).toBe('a');
    const before = tree.revision;
    expect(tree.rename(node, 'c')).toBeNull();
    expect(tree.revision).toBeGreaterThan(before);
    expect(tree.root.children.get('c')).toBe(node);
  });

  test('removing twice changes nothing the second time', () => {
    const tree = new ContentTree();
    const { node } = tree.addFile(tree.root, 'a', file(4));
    tree.remove(node);
    const after = tree.revision;
    tree.remove(node);
    expect([tree.revision, tree.root.size]).toEqual([after, 0]);
  });

  test('halves of characters are spelt out, and names that differ stay two', () => {
    const tree = new ContentTree();
    const names = ['a\ud800.txt', 'a\ud801.txt', '\udc00', '\u{1F600}'];
    const given = names.map((name) => tree.addFile(tree.root, name, file(1)).node.name);
    expect(given).toEqual(['a[U+D800].txt', 'a[U+D801].txt', '[U+DC00]', '\u{1F600}']);
    expect(tree.addFile(tree.root, 'a\ud800.txt', file(2)).outcome).toBe('replaced');
    const folder = tree.addDirectory(tree.root, 'b\udfff');
    expect(folder.name).toBe('b[U+DFFF]');
    expect(tree.addDirectory(tree.root, 'b\udfff')).toBe(folder);
  });

  test('paths and sizes', () => {
    const tree = new ContentTree();
    const a = tree.addDirectory(tree.addDirectory(tree.root, 'a'), 'b');
    const { node } = tree.addFile(a, 'c.txt', file(7));
    expect([pathOf(node), pathOf(tree.root), sizeOf(a)]).toEqual(['a/b/c.txt', '', 7]);
  });
});

test('free names keep the extension and hidden files keep their dot', () => {
  const tree = new ContentTree();
  for (const name of ['a.tar', 'a (2).tar', '.rc']) {
    tree.addFile(tree.root, name, file(0));
  }
  expect(freeName(tree.root, 'a.tar')).toBe('a (3).tar');
  expect(freeName(tree.root, '.rc')).toBe('.rc (2)');
});

describe('rows', () => {
  test('directories first, numbers by value, closed directories hide what they hold', () => {
    const tree = new ContentTree();
    for (const name of ['10', '9', 'B', 'a']) {
      tree.addFile(tree.root, name, file(0));
    }
    const open = tree.addDirectory(tree.root, 'z');
    tree.addFile(open, 'inside', file(0));
    const closed = layOutRows(tree.root, look());
    expect(closed.nodes.map((node) => node.name)).toEqual(['z', '9', '10', 'a', 'B']);
    const rows = layOutRows(tree.root, look([open]));
    expect(rows.nodes.map((node) => node.name)).toEqual(['z', 'inside', '9', '10', 'a', 'B']);
    expect([...rows.levels]).toEqual([1, 2, 1, 1, 1, 1]);
    expect([...rows.positions]).toEqual([1, 1, 2, 3, 4, 5]);
  });

  test('a large directory is named as unsorted, then sorted in slices', async () => {
    const tree = new ContentTree();
    for (let i = 5000; i > 0; i -= 1) {
      tree.addFile(tree.root, `f${i}`, { size: 0, lastModified: 0 });
    }
    expect(layOutRows(tree.root, look()).unsorted).toEqual([tree.root]);
    expect(await sortDirectory(tree.root, BY_NAME, new Slicer())).toBe(true);
    const rows = layOutRows(tree.root, look());
    expect(rows.unsorted).toEqual([]);
    expect([rows.nodes[0]?.name, rows.nodes[4999]?.name]).toEqual(['f1', 'f5000']);
  });

  test('an order worked out for other contents is thrown away', async () => {
    const tree = new ContentTree();
    for (let i = 0; i < 5000; i += 1) {
      tree.addFile(tree.root, `f${i}`, { size: 0, lastModified: 0 });
    }
    const sorting = sortDirectory(tree.root, BY_NAME, new Slicer());
    tree.addFile(tree.root, 'late', file(0));
    expect(await sorting).toBe(false);
    expect(tree.root.order).toBeNull();
  });

  test('sorts by size, time and kind, either way, directories first', () => {
    const tree = new ContentTree();
    const files: [string, number, number][] = [
      ['b.txt', 3, 20],
      ['a.PNG', 1, 30],
      ['c', 2, 10],
    ];
    for (const [name, size, lastModified] of files) {
      tree.addFile(tree.root, name, { size, lastModified });
    }
    const small = tree.addDirectory(tree.root, 'small');
    tree.addDirectory(tree.root, 'empty');
    tree.addFile(small, 'x', file(1));
    const names = (key: Sorting['key'], descending = false) =>
      layOutRows(tree.root, look([], { key, descending })).nodes.map((node) => node.name);
    expect(names('size')).toEqual(['empty', 'small', 'a.PNG', 'c', 'b.txt']);
    expect(names('size', true)).toEqual(['small', 'empty', 'b.txt', 'c', 'a.PNG']);
    expect(names('modified')).toEqual(['empty', 'small', 'c', 'b.txt', 'a.PNG']);
    expect(names('kind')).toEqual(['empty', 'small', 'c', 'a.PNG', 'b.txt']);
    tree.addFile(small, 'y', file(9));
    tree.addFile(tree.addDirectory(tree.root, 'empty'), 'z', file(99));
    expect(names('size')).toEqual(['small', 'empty', 'a.PNG', 'c', 'b.txt']);
  });

  test('a search shows what matches, in its directories, without regard to case and accents', async () => {
    const tree = new ContentTree();
    const holiday = tree.addDirectory(tree.addDirectory(tree.root, 'Photos'), 'Été');
    tree.addFile(holiday, 'ete.jpg', file(1));
    tree.addFile(holiday, 'other.jpg', file(1));
    tree.addFile(tree.root, 'Sommerete.txt', file(1));
    tree.addDirectory(tree.root, 'été vide');
    const found = await search(tree.root, 'ÉTÉ', BY_NAME, new Slicer());
    expect([...found.matches].map((node) => node.name).sort()).toEqual(
      ['Été', 'ete.jpg', 'Sommerete.txt', 'été vide'].sort(),
    );
    const rows = layOutRows(tree.root, {
      sorting: BY_NAME,
      found,
      isOpen: (directory) => found.kept.has(directory),
    });
    expect(rows.nodes.map((node) => node.name)).toEqual([
      'été vide',
      'Photos',
      'Été',
      'ete.jpg',
      'Sommerete.txt',
    ]);
    tree.remove(holiday);
    const after = layOutRows(tree.root, { sorting: BY_NAME, found, isOpen: () => true });
    expect(after.nodes.map((node) => node.name)).toEqual(['été vide', 'Photos', 'Sommerete.txt']);
  });

  test('names follow the alphabet of the language, and are laid out anew for another', () => {
    const tree = new ContentTree();
    for (const name of ['ñu', 'nz', 'oz', 'zebra', 'ärm', 'ara']) {
      tree.addFile(tree.root, name, file(0));
    }
    const names = (language: string) =>
      layOutRows(tree.root, look([], { ...BY_NAME, language })).nodes.map((node) => node.name);
    expect(names('es')).toEqual(['ara', 'ärm', 'nz', 'ñu', 'oz', 'zebra']);
    expect(names('sv')).toEqual(['ara', 'ñu', 'nz', 'oz', 'zebra', 'ärm']);
    expect(names('en')).toEqual(['ara', 'ärm', 'ñu', 'nz', 'oz', 'zebra']);
  });

  test('the visible range stays inside the list', () => {
    expect(visibleRange(0, 360, 36, 100_000)).toEqual({ start: 0, end: 27 });
    expect(visibleRange(3_599_000, 1000, 36, 100_000).end).toBe(100_000);
    expect(visibleRange(500, 100, 36, 0)).toEqual({ start: 0, end: 0 });
    expect(visibleRange(500, 100, 36, 3)).toEqual({ start: 0, end: 3 });
  });

  test.each([0, 100, 1234, 35_000, 100_000])('as many rows as ever are drawn at %d', (scrollTop) => {
    const { start, end } = visibleRange(scrollTop, 360, 36, 1000);
    expect(end - start).toBe(27);
    expect(start * 36).toBeLessThanOrEqual(scrollTop);
    expect(end * 36).toBeGreaterThanOrEqual(Math.min(1000 * 36, scrollTop + 360));
  });

  test('rows begin where they are wanted to and go round', () => {
    const rows = (...indices: number[]) => indices.map((index) => ({ index }));
    expect(inRound(rows(4, 5, 6), 1)).toEqual(rows(4, 5, 6));
    expect(inRound(rows(4, 5, 6), 0)).toEqual(rows(6, 4, 5));
    expect(inRound([], 0)).toEqual([]);
  });
});

describe('walk', () => {
  /** More than a call can take as arguments. */
  const MANY = 200_000;

  test('goes through what a directory holds in its order, and only where it may', () => {
    const tree = new ContentTree();
    const a = tree.addDirectory(tree.root, 'a');
    tree.addFile(a, 'in a', file(1));
    const b = tree.addDirectory(a, 'b');
    tree.addFile(b, 'in b', file(1));
    tree.addFile(tree.root, 'last', file(1));
    const paths = (nodes: Iterable<TreeNode>) => [...nodes].map(pathOf);
    expect(paths(walk(tree.root))).toEqual(['', 'a', 'a/in a', 'a/b', 'a/b/in b', 'last']);
    expect(paths(walk(a, (directory) => directory !== b))).toEqual(['a', 'a/in a', 'a/b']);
  });

  test('goes through a directory of hundreds of thousands', () => {
    const tree = new ContentTree();
    const content = { size: 1, lastModified: 0 };
    for (let at = 0; at < MANY; at += 1) {
      tree.addFile(tree.root, `${at}`, content);
    }
    expect([...walk(tree.root)]).toHaveLength(1 + MANY);
  });
});
