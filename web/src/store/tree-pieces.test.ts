import { describe, expect, test } from 'vitest';
import { Slicer } from '../schedule/slicer.ts';
import type { Details } from '../tree/details.ts';
import { ContentTree, pathOf, type TreeNode } from '../tree/model.ts';
import { AbsentFile } from './absent.ts';
import { Origins, sourceOf } from './origins.ts';
import { TreeKeeper, type TreeChanges } from './tree-pieces.ts';

const NEVER = new AbortController().signal;

function file(name: string, size: number, lastModified = 1_600_000_000_000): File {
  return new File([new Uint8Array(size)], name, { lastModified });
}

/** Keeps what changes, as a store does. */
class Store {
  readonly pieces = new Map<string, unknown>();

  async keep(keeper: TreeKeeper, tree: ContentTree): Promise<TreeChanges> {
    const changes = await keeper.changes(tree, NEVER);
    for (const [[directory, part], piece] of changes.pieces) {
      this.pieces.set(`${directory}/${part}`, structuredClone(piece));
    }
    for (const [directory, part] of changes.gone) {
      this.pieces.delete(`${directory}/${part}`);
    }
    changes.kept();
    return changes;
  }
}

/** Every node with all that is kept of it. */
function describeTree(tree: ContentTree, origins: Origins): unknown[] {
  const told: unknown[] = [];
  const visit = (node: TreeNode): void => {
    if (node.kind === 'directory') {
      told.push(pathOf(node));
      for (const child of node.children.values()) {
        visit(child);
      }
      return;
    }
    const origin = origins.get(node.file);
    const from = origin === undefined ? '' : `${origin.root}:${sourceOf(origin)}`;
    told.push([pathOf(node), node.file.size, node.file.lastModified, from]);
  };
  visit(tree.root);
  return told;
}

async function made(): Promise<{ tree: ContentTree; origins: Origins; keeper: TreeKeeper; store: Store }> {
  const tree = new ContentTree();
  const origins = new Origins();
  const photos = tree.addDirectory(tree.root, 'photos');
  const deep = tree.addDirectory(photos, 'deep');
  tree.addDirectory(photos, 'empty');
  tree.addFile(photos, 'ü.jpg', file('ü.jpg', 3));
  tree.addFile(deep, 'b.jpg', file('b.jpg', 5, -1000));
  const { node } = tree.addFile(tree.root, 'map.pdf', file('map.pdf', 7));
  await origins.note(photos, 1, new Slicer());
  await origins.note(node, 2, new Slicer());
  const keeper = new TreeKeeper(origins);
  const store = new Store();
  await store.keep(keeper, tree);
  return { tree, origins, keeper, store };
}

function restored(pieces: ReadonlyMap<string, unknown>): {
  told: unknown[];
  damaged: number;
  tree: ContentTree;
} {
  const tree = new ContentTree();
  const origins = new Origins();
  const damaged = new TreeKeeper(origins).restore(tree, pieces, false);
  return { told: describeTree(tree, origins), damaged, tree };
}

describe('a tree in pieces', () => {
  test('comes back as it was, its files to be found', async () => {
    const { tree, origins, store } = await made();
    const back = restored(store.pieces);
    expect(back.told).toEqual(describeTree(tree, origins));
    expect(back.damaged).toBe(0);
    const node = back.tree.root.children.get('map.pdf');
    expect(node?.kind === 'file' && node.file instanceof AbsentFile).toBe(true);
    expect(back.tree.root.size).toBe(15);
  });

  test('remembers where a file came from that is renamed and moved', async () => {
    const { tree, origins, keeper, store } = await made();
    const photos = tree.root.children.get('photos')!;
    tree.rename(photos, 'pictures');
    tree.rename(tree.root.children.get('map.pdf')!, 'plan.pdf');
    await store.keep(keeper, tree);
    const back = restored(store.pieces);
    expect(back.told).toEqual(describeTree(tree, origins));
    expect(back.told).toContainEqual(['plan.pdf', 7, 1_600_000_000_000, '2:map.pdf']);
    expect(back.told).toContainEqual(['pictures/deep/b.jpg', 5, -1000, '1:photos/deep/b.jpg']);
  });

  test('keeps what the user said of an entry', async () => {
    const { tree, keeper, store } = await made();
    const all: Details = {
      modified: 5,
      created: -1,
      hidden: true,
      hiddenIn: ['joliet'],
      mode: 0o1777,
      uid: 0,
      gid: 0xffff_fffe,
      weight: -3,
    };
    tree.root.children.get('photos')!.details = { modified: 5 };
    expect((await store.keep(keeper, tree)).pieces).toHaveLength(1);
    tree.root.children.get('map.pdf')!.details = all;
    expect((await store.keep(keeper, tree)).pieces).toHaveLength(1);
    const { children } = restored(store.pieces).tree.root;
    expect(children.get('photos')?.details).toEqual({ modified: 5 });
    expect(children.get('map.pdf')?.details).toEqual(all);
    tree.root.children.get('map.pdf')!.details = { ...all, weight: 3 };
    expect((await store.keep(keeper, tree)).pieces).toHaveLength(1);
  });

  test('a change rewrites the pieces it touches, and no others', async () => {
    const { tree, keeper, store } = await made();
    expect((await store.keep(keeper, tree)).pieces).toEqual([]);
    const photos = tree.root.children.get('photos')!;
    tree.rename(photos, 'pictures');
    const renamed = await store.keep(keeper, tree);
    expect(renamed.pieces.map(([key]) => key)).toEqual([[0, 0]]);
    tree.remove(photos);
    const removed = await store.keep(keeper, tree);
    expect(removed.pieces).toHaveLength(1);
    expect(removed.gone).toHaveLength(2);
    expect(store.pieces.size).toBe(1);
  });

  test('a directory of many files is several pieces, of which one is rewritten', async () => {
    const tree = new ContentTree();
    for (let n = 0; n < 10_000; n += 1) {
      tree.addFile(tree.root, `file ${n}`, { size: n, lastModified: n });
    }
    const origins = new Origins();
    const keeper = new TreeKeeper(origins);
    const store = new Store();
    expect((await store.keep(keeper, tree)).pieces).toHaveLength(3);
    tree.addFile(tree.root, 'file 9999', { size: 1, lastModified: 1 });
    expect((await store.keep(keeper, tree)).pieces.map(([key]) => key)).toEqual([[0, 2]]);
    expect(restored(store.pieces).told).toEqual(describeTree(tree, origins));
  });

  test('what is damaged is counted, and the rest is there', async () => {
    const { store } = await made();
    const inner = [...store.pieces.keys()].filter((key) => key !== '0/0');
    store.pieces.set(inner[0] ?? '', { names: 7 });
    const back = restored(store.pieces);
    expect(back.damaged).toBeGreaterThan(0);
    expect(back.told).toContainEqual(['map.pdf', 7, 1_600_000_000_000, '2:map.pdf']);
  });

  test('named streams are kept without their bytes, and are to be found again', async () => {
    const { tree, origins, keeper, store } = await made();
    const note = file('note.txt', 4);
    origins.set(note, { root: 9, directory: 'notes', name: 'note.txt' });
    const node = tree.root.children.get('map.pdf');
    expect(node).toBeDefined();
    tree.setDetails(node!, { hidden: true, streams: [{ name: 'by', file: note }] });
    await store.keep(keeper, tree);
    const kept = JSON.stringify([...store.pieces.values()]);
    expect(kept).toContain('"source":"notes/note.txt"');
    expect((await keeper.changes(tree, NEVER)).pieces, 'nothing has changed').toEqual([]);

    const again = new Origins();
    const back = new ContentTree();
    expect(new TreeKeeper(again).restore(back, store.pieces, false)).toBe(0);
    const details = back.root.children.get('map.pdf')?.details;
    const stream = details?.streams?.[0];
    expect([details?.hidden, stream?.name, stream?.file]).toEqual([
      true,
      'by',
      new AbsentFile(4, note.lastModified),
    ]);
    expect(stream && again.get(stream.file)).toEqual({ root: 9, directory: 'notes', name: 'note.txt' });
  });
});
