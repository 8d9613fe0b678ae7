import { describe, expect, test } from 'vitest';
import { patched } from './details.ts';
import { change, move } from './edits.ts';
import { History, nodesOf } from './history.ts';
import { ContentTree, freeName, isWithin, sizeOf, type DirectoryNode, type TreeNode } from './model.ts';

function content(size: number) {
  return { size, lastModified: size };
}

/** All that can be seen of a tree, in an order that does not depend on how it came about. */
function picture(directory: DirectoryNode): unknown {
  const children = [...directory.children.entries()].map(([key, node]) => {
    if (node.name !== key || node.parent !== directory) {
      throw new Error(`“${node.name}” is not where it believes to be`);
    }
    return [
      key,
      node.details,
      sizeOf(node),
      node.kind === 'file' ? node.file.lastModified : [node.files, node.directories, picture(node)],
    ];
  });
  return children.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
}

/** The sums of a tree, added up anew. */
function sums(directory: DirectoryNode): { size: number; files: number; directories: number } {
  const total = { size: 0, files: 0, directories: 0 };
  for (const node of directory.children.values()) {
    const below = node.kind === 'file' ? { size: node.file.size, files: 1, directories: -1 } : sums(node);
    total.size += below.size;
    total.files += below.files;
    total.directories += below.directories + 1;
  }
  const { size, files, directories } = directory;
  if (size !== total.size || files !== total.files || directories !== total.directories) {
    throw new Error(`“${directory.name}” says ${size} B, ${files}, ${directories}`);
  }
  return total;
}

/** A small linear congruential generator: the same "random" choices in every run. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  of<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }
}

function everything(directory: DirectoryNode): TreeNode[] {
  return [...directory.children.values()].flatMap((node) =>
    node.kind === 'directory' ? [node, ...everything(node)] : [node],
  );
}

const NAMES = ['a', 'b', 'c.txt', 'd'];

/** Does something a user could do, whether it changes anything or not. */
function doSomething(tree: ContentTree, history: History, chance: Chance): void {
  const nodes = everything(tree.root);
  const directories = [tree.root, ...nodes.filter((node) => node.kind === 'directory')];
  const target = chance.of(directories) ?? tree.root;
  const node = chance.of(nodes);
  const name = chance.of(NAMES) ?? 'a';
  switch (chance.below(7)) {
    case 0:
      history.run('add', 1, () => tree.addFile(target, name, content(chance.below(100))));
      break;
    case 1:
      history.run('newFolder', 1, () => tree.addDirectory(target, freeName(target, name)));
      break;
    case 2:
      history.run('add', 2, () => {
        tree.addFile(tree.addDirectory(target, name), name, content(chance.below(100)));
      });
      break;
    case 3:
      history.run('remove', 1, () => {
        if (node !== undefined && chance.below(3) === 0) {
          tree.remove(node);
        }
      });
      break;
    case 4:
      history.run('rename', 1, () => (node === undefined ? null : tree.rename(node, name)));
      break;
    case 5:
      history.run('move', 2, () =>
        move(
          tree,
          [node, chance.of(nodes)].filter((each) => each !== undefined),
          target,
        ),
      );
      break;
    default:
      history.run('properties', 1, () => {
        change(tree, node === undefined ? [] : [node], { hidden: true, mode: chance.below(512) });
      });
  }
}

describe('history', () => {
  test.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'any steps taken back give each tree before, done again each tree after (%i)',
    (seed) => {
      const chance = new Chance(seed);
      const tree = new ContentTree();
      const history = new History(tree);
      const pictures = [picture(tree.root)];
      let last = history.last;
      for (let n = 0; n < 60; n += 1) {
        doSomething(tree, history, chance);
        sums(tree.root);
        if (history.last !== last) {
          last = history.last;
          pictures.push(picture(tree.root));
        }
      }
      for (const before of pictures.slice(0, -1).toReversed()) {
        expect(history.undo()).not.toBeNull();
        expect(picture(tree.root)).toEqual(before);
        sums(tree.root);
      }
      expect(history.undo()).toBeNull();
      expect(tree.isEmpty).toBe(true);
      for (const after of pictures.slice(1)) {
        expect(history.redo()).not.toBeNull();
        expect(picture(tree.root)).toEqual(after);
      }
      expect(history.redo()).toBeNull();
      sums(tree.root);
    },
  );

  test('a step costs what it changed: a directory of ten thousand files is one change', () => {
    const tree = new ContentTree();
    const history = new History(tree);
    const many = tree.addDirectory(tree.root, 'many');
    for (let n = 0; n < 10_000; n += 1) {
      tree.addFile(many, `${n}`, content(1));
    }
    const step = history.run('remove', 1, () => {
      tree.remove(many);
    });
    expect(step?.changes).toHaveLength(1);
    expect(tree.root.files).toBe(0);
    history.undo();
    expect(tree.root.files).toBe(10_000);
  });

  test('something new forgets what was taken back', () => {
    const tree = new ContentTree();
    const history = new History(tree);
    history.run('add', 1, () => tree.addFile(tree.root, 'a', content(1)));
    history.undo();
    history.run('add', 1, () => tree.addFile(tree.root, 'b', content(1)));
    expect(history.redo()).toBeNull();
    expect([...tree.root.children.keys()]).toEqual(['b']);
  });

  test('a name that was taken behind its back costs nobody anything', () => {
    const tree = new ContentTree();
    const history = new History(tree);
    const { node } = tree.addFile(tree.root, 'a', content(1));
    history.run('remove', 1, () => {
      tree.remove(node);
    });
    tree.addFile(tree.root, 'a', content(2));
    history.undo();
    expect([...tree.root.children.keys()]).toEqual(['a', 'a (2)']);
  });

  test('what belongs to a step later goes back with it', () => {
    const tree = new ContentTree();
    const history = new History(tree);
    const kept = tree.addFile(tree.root, 'kept', content(1)).node;
    const step = history.run('add', 1, () => tree.addFile(tree.root, 'a', content(1)))!;
    history.extend(step, () => {
      tree.remove(kept);
    });
    expect(nodesOf(step, tree).map((node) => node.name)).toEqual(['a']);
    history.undo();
    expect([...tree.root.children.keys()]).toEqual(['kept']);
  });
});

describe('move', () => {
  test('never into itself, nor where it already is', () => {
    const tree = new ContentTree();
    const a = tree.addDirectory(tree.root, 'a');
    const b = tree.addDirectory(a, 'b');
    expect(move(tree, [a], b).moved).toBe(0);
    expect(move(tree, [a], a).moved).toBe(0);
    expect(move(tree, [b], a).moved).toBe(0);
    expect(isWithin(b, a)).toBe(true);
  });

  test('directories of one name become one, with what was said of them', () => {
    const tree = new ContentTree();
    const into = tree.addDirectory(tree.root, 'x');
    tree.addFile(into, 'old', content(1));
    tree.addFile(into, 'same', content(2));
    const from = tree.addDirectory(tree.addDirectory(tree.root, 'y'), 'x');
    tree.addFile(from, 'new', content(4));
    tree.addFile(from, 'same', content(8));
    tree.setDetails(from, { hidden: true });
    expect(move(tree, [from], tree.root)).toEqual({ moved: 1, replaced: 1, renamed: 0 });
    expect([...into.children.keys()].sort()).toEqual(['new', 'old', 'same']);
    expect([into.size, into.details, tree.holds(from)]).toEqual([13, { hidden: true }, false]);
  });

  test('a directory merges with the one it lies in', () => {
    const tree = new ContentTree();
    const outer = tree.addDirectory(tree.root, 'a');
    const inner = tree.addDirectory(outer, 'a');
    const innermost = tree.addDirectory(inner, 'a');
    tree.addFile(inner, 'one', content(1));
    tree.addFile(innermost, 'two', content(2));
    move(tree, [inner], tree.root);
    expect(picture(tree.root)).toEqual([
      [
        'a',
        null,
        3,
        [
          2,
          1,
          [
            ['a', null, 2, [1, 0, [['two', null, 2, 2]]]],
            ['one', null, 1, 1],
          ],
        ],
      ],
    ]);
  });

  test('a file and a directory of one name both stay', () => {
    const tree = new ContentTree();
    tree.addDirectory(tree.root, 'a.b');
    const { node } = tree.addFile(tree.addDirectory(tree.root, 'c'), 'a.b', content(1));
    expect(move(tree, [node], tree.root)).toEqual({ moved: 1, replaced: 0, renamed: 1 });
    expect(node.name).toBe('a (2).b');
  });
});

test('hundreds of thousands of changes are one step', () => {
  const MANY = 200_000;
  const tree = new ContentTree();
  const history = new History(tree);
  const step = history.run('add', MANY, () => {
    tree.addDirectory(tree.root, 'a');
  });
  if (step === null) {
    throw new Error('the step changed nothing');
  }
  // A record inside another, which takes over what it has.
  history.extend(step, () => {
    tree.record(() => {
      for (let at = 0; at < MANY; at += 1) {
        tree.addFile(tree.root, `${at}`, content(1));
      }
    });
  });
  expect(tree.root.files).toBe(MANY);
  history.undo();
  expect([tree.root.files, tree.root.directories]).toEqual([0, 0]);
});

test('details that are all defaults are none', () => {
  expect(patched({ mode: 0o600 }, { mode: undefined })).toBeNull();
  expect(patched(null, { hidden: true })).toEqual({ hidden: true });
  expect(patched({ hidden: true, weight: 3 }, { hidden: undefined })).toEqual({ weight: 3 });
});
