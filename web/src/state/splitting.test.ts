import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { PlannerReply, PlannerRequest } from '../planner/messages.ts';
import { StoreError } from '../store/database.ts';
import type { KeptProject } from '../store/project-store.ts';
import { loadWords, t } from '../strings/strings.ts';
import { ContentTree } from '../tree/model.ts';
import type { App } from './app.svelte.ts';
import { Notices } from './notices.svelte.ts';
import type { Shell } from './shell.svelte.ts';
import { Splitting } from './splitting.svelte.ts';

const MB = 1024 * 1024;

/** A planner whose images have nothing but the files. */
class FakeWorker extends EventTarget {
  postMessage({ call, ...request }: PlannerRequest): void {
    const sizes = request.kind === 'plan' ? [...request.entries.sizes] : [];
    const sizeBytes = sizes.reduce((sum, size) => sum + size, MB);
    const reply: PlannerReply = { call, ok: true, value: { plan: 1, sizeBytes, sizeBlocks: 0, planMs: 0 } };
    this.dispatchEvent(new MessageEvent('message', { data: reply }));
  }

  terminate(): void {
    // Nothing runs.
  }
}

/** The folders in the browser's own file system. */
let folders: Set<string>;

beforeAll(() => loadWords('split'));
beforeEach(() => {
  folders = new Set();
  const handle = {
    createWritable: () => Promise.resolve({ write: () => Promise.resolve(), close: () => Promise.resolve() }),
    getFile: () => Promise.resolve(new File(['list'], 'list')),
  };
  const root = {
    getDirectoryHandle: (name: string) => {
      folders.add(name);
      return Promise.resolve({ getFileHandle: () => Promise.resolve(handle) });
    },
    removeEntry: (name: string) => Promise.resolve(folders.delete(name)),
  };
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('navigator', {
    languages: ['en'],
    storage: { getDirectory: () => Promise.resolve(root) },
  });
  return () => {
    vi.unstubAllGlobals();
  };
});

/** A disc with these files of 40 MB, two of which go on one. */
function splitting(
  names: readonly string[],
  add: (kept: KeptProject) => Promise<void>,
): {
  splitting: Splitting;
  notices: Notices;
  removed: string[];
} {
  const tree = new ContentTree();
  for (const name of names) {
    tree.addFile(tree.root, name, { size: 40 * MB, lastModified: 0 });
  }
  const project = { tree, volume: 'SET', settings: {}, fileSystems: {} };
  const app = {
    project,
    title: 'Set',
    capacity: { label: '', bytes: 100 * MB },
    planning: { options: {} },
    reunion: { roots: [], origins: new Map() },
  } as unknown as App;
  const removed: string[] = [];
  const notices = new Notices();
  const removeProject = (id: string) => Promise.resolve(void removed.push(id));
  const shell = { notices, add, removeProject } as unknown as Shell;
  const made = new Splitting(app, shell);
  made.withList = true;
  return { splitting: made, notices, removed };
}

const added = () => Promise.resolve();

test('the list takes the place of no file of the user’s', async () => {
  const kept: KeptProject[] = [];
  const { splitting: set } = splitting(['CONTENTS.TXT', 'b', 'c'], (project) =>
    Promise.resolve(void kept.push(project)),
  );
  expect(set.listName).toBe('CONTENTS (2).TXT');
  await set.plan();
  const { state } = set;
  const parts = state?.stage === 'ready' ? state.parts : [];
  expect(parts.map(({ tree }) => [...tree.root.children.keys()].sort())).toEqual([
    ['CONTENTS (2).TXT', 'CONTENTS.TXT', 'b'],
    ['CONTENTS (2).TXT', 'c'],
  ]);
  expect(parts[0]?.tree.root.children.get('CONTENTS.TXT')).toMatchObject({ file: { size: 40 * MB } });
  await set.make();
  expect(kept.map(({ roots }) => roots.map(({ name }) => name))).toEqual([
    ['CONTENTS (2).TXT'],
    ['CONTENTS (2).TXT'],
  ]);
});

test('the list is deleted again unless a project has it', async () => {
  const { splitting: set, notices } = splitting(['a', 'b', 'c'], added);
  await set.plan();
  expect(folders.size).toBe(1);
  await set.plan();
  expect(folders.size, 'planned anew').toBe(1);
  set.close();
  await vi.waitFor(() => {
    expect(folders.size, 'closed').toBe(0);
  });
  await set.plan();
  await set.make();
  set.close();
  expect(folders.size, 'made').toBe(1);
  notices.list[0]?.action?.run();
  await vi.waitFor(() => {
    expect(folders.size, 'taken back').toBe(0);
  });
});

test('projects that cannot be kept are not said to be made', async () => {
  const {
    splitting: set,
    notices,
    removed,
  } = splitting(['a', 'b', 'c'], () => Promise.reject(new StoreError('full', null)));
  await set.plan();
  await set.make();
  expect(set.state).toMatchObject({ stage: 'failed', problem: { what: t.store.problems.full } });
  expect([notices.list, removed.length, folders.size]).toEqual([[], 1, 0]);
});
