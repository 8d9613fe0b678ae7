import { describe, expect, test } from 'vitest';
import { change } from './edits.ts';
import { History } from './history.ts';
import { ContentTree } from './model.ts';
import { checkName, checkStreamName } from './names.ts';

test.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['.', 'dots'],
  ['..', 'dots'],
  ['a/b', 'slash'],
  ['a\0', 'nul'],
  ['a\ud800', 'halves'],
  ['…', null],
] as const)('checkName(%j) is %j', (name, problem) => {
  expect(checkName(name)).toBe(problem);
});

describe('the name of a stream', () => {
  test.each([
    ['note', null],
    [' ', null],
    ['Zone.Identifier', null],
    ['', 'empty'],
    ['.', 'dots'],
    ['..', 'dots'],
    ['a/b', 'slash'],
    ['a\0b', 'nul'],
    ['half \ud83d', 'halves'],
    ['ÿ'.repeat(254), null],
    ['ÿ'.repeat(255), 'long'],
    ['Ā'.repeat(127), null],
    ['Ā'.repeat(128), 'long'],
    [`Ā${'a'.repeat(127)}`, 'long'],
    ['😀'.repeat(63), null],
    ['😀'.repeat(64), 'long'],
  ] as const)('%j is %j', (name, problem) => {
    expect(checkStreamName(name)).toBe(problem);
  });

  test('is there once, in one case at least', () => {
    expect(checkStreamName('note', ['map', 'note'])).toBe('taken');
    expect(checkStreamName('note', ['map', 'Note'])).toBeNull();
  });
});

test('streams come and go with one step, and with their node', () => {
  const tree = new ContentTree();
  const history = new History(tree);
  const folder = tree.addDirectory(tree.root, 'folder');
  const { node } = tree.addFile(tree.root, 'a', { size: 1, lastModified: 2 });
  const streams = [{ name: 'note', file: { size: 4, lastModified: 0 } }];
  history.run('properties', 1, () => {
    change(tree, [node], { hidden: true, streams });
  });
  expect(node.details).toEqual({ hidden: true, streams });
  history.run('move', 1, () => {
    tree.place(node, folder);
  });
  expect(node.details?.streams).toBe(streams);
  history.undo();
  history.undo();
  expect(node.details).toBeNull();
  history.redo();
  expect(node.details?.streams).toBe(streams);
});
