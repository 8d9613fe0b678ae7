import { expect, test } from 'vitest';
import { inverse } from '../tree/changes.ts';
import type { Details } from '../tree/details.ts';
import { ContentTree, type FileNode } from '../tree/model.ts';
import { AbsentFile } from './absent.ts';
import type { Handles } from './handles.ts';
import { Reunion } from './reunion.svelte.ts';

const TIME = 1_600_000_000_000;
/** Where the browser has no handles. */
const NONE: Handles = new Map();

function file(name: string, size: number, lastModified = TIME): File {
  // Node's files have no path.
  return Object.assign(new File([new Uint8Array(size)], name, { lastModified }), { webkitRelativePath: '' });
}

/** A project with a file and two streams of it, all of which have to be found. */
function reopened(): { tree: ContentTree; node: FileNode; reunion: Reunion; changes: () => number } {
  const tree = new ContentTree();
  const own = new AbsentFile(3, TIME);
  const { node } = tree.addFile(tree.root, 'a.jpg', own);
  const [note, map] = [new AbsentFile(4, TIME), new AbsentFile(5, TIME)];
  node.details = {
    hidden: true,
    streams: [
      { name: 'note', file: note },
      { name: 'map', file: map },
    ],
  };
  let changes = 0;
  const roots = ['a.jpg', 'note.txt', 'map.png'].map((name, at) => ({ number: at + 1, name, handle: null }));
  const reunion = new Reunion(
    tree,
    { roots, isNew: false },
    {
      changed: () => {
        changes += 1;
      },
      leaveOut: (_count, work) => {
        work();
      },
    },
  );
  for (const [at, content] of [own, note, map].entries()) {
    reunion.origins.set(content, { root: at + 1, directory: '', name: roots[at]?.name ?? '' });
  }
  return { tree, node, reunion, changes: () => changes };
}

function streamsOf({ details }: { details: Details | null }): unknown[] {
  return (details?.streams ?? []).map((stream) => [
    stream.name,
    stream.file.constructor.name,
    stream.file.size,
  ]);
}

test('streams are asked for and found like files', async () => {
  const { node, reunion, changes } = reopened();
  await reunion.begin();
  expect(reunion.state).toEqual({ stage: 'show', names: ['a.jpg', 'note.txt', 'map.png'] });
  expect(await reunion.show({ entries: [], files: [file('note.txt', 4), file('a.jpg', 3)] }, NONE)).toBe(2);
  expect(reunion.state, 'what was not shown is not lost for that').toEqual({
    stage: 'show',
    names: ['map.png'],
  });
  expect(reunion.lost).toEqual([]);
  expect(await reunion.show({ entries: [], files: [file('map.png', 5)] }, NONE)).toBe(1);
  expect(reunion.state).toEqual({ stage: 'complete' });
  expect(streamsOf(node)).toEqual([
    ['note', 'File', 4],
    ['map', 'File', 5],
  ]);
  expect([node.details?.hidden, changes()]).toEqual([true, 2]);
  const found = node.details?.streams?.[0]?.file;
  expect(found && reunion.origins.get(found)).toEqual({ root: 2, directory: '', name: 'note.txt' });
});

test('a stream that has changed is named, and is taken as it is or left out', async () => {
  const { tree, node, reunion } = reopened();
  await reunion.show({ entries: [], files: [file('a.jpg', 3), file('note.txt', 40)] }, NONE);
  // What was not shown is not lost for that.
  expect(reunion.lost.map(({ path, now }) => [path, now?.size])).toEqual([['a.jpg:note', 40]]);
  reunion.acceptChanged();
  expect(reunion.state).toEqual({ stage: 'show', names: ['map.png'] });
  await reunion.show({ entries: [], files: [file('map.png', 50)] }, NONE);
  expect(reunion.lost.map(({ path }) => path)).toEqual(['a.jpg:map']);
  reunion.removeLost();
  expect(reunion.state).toEqual({ stage: 'complete' });
  expect(streamsOf(node)).toEqual([['note', 'File', 40]]);
  expect(tree.root.children.has('a.jpg'), 'the file itself stays').toBe(true);
});

test('what is known of an entry is nothing again when its last stream is left out', async () => {
  const { node, reunion } = reopened();
  node.details = { streams: node.details?.streams ?? [] };
  const changed = [file('note.txt', 40), file('map.png', 50)];
  await reunion.show({ entries: [], files: [file('a.jpg', 3), ...changed] }, NONE);
  reunion.removeLost();
  expect(node.details).toBeNull();
});

test('streams are given back by node and name', async () => {
  const { node, reunion } = reopened();
  const asked: unknown[] = [];
  await reunion.giveBack((at, stream) => {
    asked.push([at === node, stream]);
    return file('x', stream === null ? 3 : stream === 'note' ? 4 : 5);
  });
  expect(asked).toEqual([
    [true, null],
    [true, 'note'],
    [true, 'map'],
  ]);
  expect(reunion.state.stage).toBe('complete');
});

test('each stream that is added is a root, with its handle', () => {
  const { reunion } = reopened();
  const note = file('note.txt', 1);
  const handle = { name: 'note.txt' } as FileSystemHandle;
  reunion.noteStreams([[note, handle]]);
  expect(reunion.origins.get(note)).toEqual({ root: 4, directory: '', name: 'note.txt' });
  expect(reunion.takeRoots().roots).toEqual([{ number: 4, name: 'note.txt', handle }]);
});

test('files that a step back brings in again are asked for again', () => {
  const { tree, node, reunion } = reopened();
  void reunion.begin();
  expect(reunion.state.stage).toBe('show');
  const gone = tree.record(() => {
    tree.remove(node);
  });
  reunion.recount();
  expect(reunion.state.stage).toBe('complete');
  for (const change of gone.map(inverse)) {
    tree.apply(change);
  }
  reunion.recount();
  expect(reunion.state).toEqual({ stage: 'show', names: ['a.jpg', 'note.txt', 'map.png'] });
});

test('a file that was kept before its size was known is taken as it is found', async () => {
  const { node, reunion } = reopened();
  node.details = null;
  node.file = new AbsentFile(0, Number.NaN);
  reunion.origins.set(node.file, { root: 1, directory: '', name: 'a.jpg' });
  await reunion.show({ entries: [], files: [file('a.jpg', 7)] }, NONE);
  expect([reunion.state.stage, node.file.size]).toEqual(['complete', 7]);
});

test('what was shown again is asked for by its handle the next time', async () => {
  const { reunion } = reopened();
  await reunion.begin();
  expect(reunion.takeRoots().roots).toEqual([]);
  const own = { kind: 'file' } as FileSystemHandle;
  const handles = new Map([
    ['a.jpg', own],
    ['note.txt', { kind: 'file' } as FileSystemHandle],
  ]);
  // The note is another: its handle would lead to it each time.
  expect(await reunion.show({ entries: [], files: [file('a.jpg', 3), file('note.txt', 9)] }, handles)).toBe(
    1,
  );
  const { roots, done } = reunion.takeRoots();
  expect(roots).toEqual([{ number: 1, name: 'a.jpg', handle: own }]);
  expect(reunion.roots.map(({ handle }) => handle)).toEqual([own, null, null]);
  done();
  expect(reunion.takeRoots().roots).toEqual([]);
});
