import { expect, test } from 'vitest';
import { ContentTree } from '../tree/model.ts';
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
