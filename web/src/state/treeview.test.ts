import { describe, expect, test, vi } from 'vitest';
import { ContentTree, nodeAt } from '../tree/model.ts';
import { TreeEdits } from './tree-edits.svelte.ts';
import { TreeView } from './treeview.svelte.ts';

test('a row that is as it was is the same object, and another when anything changed', () => {
  const tree = new ContentTree();
  for (const name of ['a', 'b', 'c', 'd']) {
    tree.addFile(tree.root, name, new File([], name));
  }
  const view = new TreeView(tree);
  view.refresh();
  const [, b, c] = view.window(0, 3);
  expect(view.window(1, 4).slice(0, 2)).toEqual([b, c]);
  expect(view.window(1, 4)[0]).toBe(b);
  expect(view.window(1, 4)[1]).toBe(c);

  view.activate(1);
  const [selected, same] = view.window(1, 4);
  expect(selected).toMatchObject({ name: 'b', selected: true });
  expect(same).toBe(c);

  const last = tree.root.children.get('c');
  expect(last === undefined ? 'missing' : tree.rename(last, 'C')).toBeNull();
  expect(view.window(1, 4)[1]).toMatchObject({ name: 'C' });
});

describe('while a search shows a part', () => {
  /** A tree with three photos in two folders, one of which is called like them, searched for `photo`. */
  async function searched(): Promise<{
    tree: ContentTree;
    view: TreeView;
    named: (...names: string[]) => void;
  }> {
    const tree = new ContentTree();
    const around = tree.addDirectory(tree.root, 'around');
    const photos = tree.addDirectory(tree.root, 'photos');
    for (const [folder, name] of [
      [around, 'photo 1'],
      [around, 'photo 2'],
      [around, 'taxes'],
      [photos, 'beach'],
    ] as const) {
      tree.addFile(folder, name, new File([], name));
    }
    const view = new TreeView(tree);
    view.refresh();
    view.search.find('photo', view.sorting);
    await vi.waitFor(() => {
      expect(view.search.busy).toBe(false);
    });
    const named = (...names: string[]) => {
      expect(view.selection.map(({ name }) => name)).toEqual(names);
    };
    return { tree, view, named };
  }

  test('all that is selected is what was found, and not the folders around it', async () => {
    const { tree, view, named } = await searched();
    expect(view.rows.nodes.map(({ name }) => name)).toEqual(['around', 'photo 1', 'photo 2', 'photos']);
    view.selectAll();
    named('photo 1', 'photo 2', 'photos');
    view.activate(0);
    named('around');
    view.activate(2, 'range');
    named('photo 1', 'photo 2');
    const edits = new TreeEdits(tree, view, () => {
      view.follow();
    });
    view.selectAll();
    edits.removeSelected();
    expect(nodeAt(tree, 'around/taxes')).not.toBeNull();
    expect(nodeAt(tree, 'around/photo 1')).toBeNull();
  });

  test('what is in a folder that was found can be selected', async () => {
    const { view, named } = await searched();
    const [, , , photos] = view.rows.nodes;
    view.setOpen(photos!, true);
    view.activate(4);
    view.activate(4, 'range');
    named('beach');
  });

  test('rows are counted as they show', async () => {
    const { view } = await searched();
    expect(view.window(0, 4).map(({ name, position, siblings }) => [name, position, siblings])).toEqual([
      ['around', 1, 2],
      ['photo 1', 1, 2],
      ['photo 2', 2, 2],
      ['photos', 2, 2],
    ]);
  });
});
