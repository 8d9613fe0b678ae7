import { afterEach, expect, test, vi } from 'vitest';
import { Database } from '../store/database.ts';
import { newProject, ProjectStore, type KeptProject } from '../store/project-store.ts';
import { Library } from './library.svelte.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The locks of a browser, which all of its windows share. */
function stubLocks(): void {
  const held = new Set<string>();
  const request = async (
    name: string,
    _: unknown,
    work: (lock: object | null) => unknown,
  ): Promise<unknown> => {
    if (held.has(name)) {
      return work(null);
    }
    held.add(name);
    try {
      return await work({ name });
    } finally {
      held.delete(name);
    }
  };
  vi.stubGlobal('navigator', { languages: ['en'], locks: { request } });
}

/** A library whose store tells what it was asked to do. */
function library(): { library: Library; done: string[] } {
  const done: string[] = [];
  const note = (what: string) => () => {
    done.push(what);
    return Promise.resolve();
  };
  const store = { list: () => Promise.resolve([]), rename: note('rename'), remove: note('remove') };
  return { library: new Library(store as unknown as ProjectStore), done };
}

test('a project that another window has open is neither renamed nor deleted', async () => {
  stubLocks();
  const [here, there] = [library(), library()];
  expect(await there.library.claim('a')).toBe(true);
  expect(await here.library.rename('a', 'New')).toBe(false);
  expect(await here.library.remove('a')).toBe(false);
  expect(here.done).toEqual([]);
  expect(await there.library.rename('a', 'New')).toBe(true);
  expect(there.done).toEqual(['rename']);
});

test('a project that was renamed can be opened in any window', async () => {
  stubLocks();
  const [here, there] = [library(), library()];
  expect(await here.library.rename('a', 'New')).toBe(true);
  expect(await there.library.claim('a')).toBe(true);
  expect(await here.library.claim('a')).toBe(false);
});

test('a browser that refuses locks keeps projects all the same', async () => {
  const request = () => Promise.reject(new DOMException('no', 'SecurityError'));
  vi.stubGlobal('navigator', { languages: ['en'], locks: { request } });
  const { library: here, done } = library();
  expect(await here.claim('a')).toBe(true);
  expect(await here.remove('b')).toBe(true);
  expect(done).toEqual(['remove']);
});

test('a copy is made of what is kept now, whatever the list shows', async () => {
  const store = new ProjectStore();
  const project = newProject('data');
  const header = { ...project.header, name: 'Now', size: 7, settings: { volumeId: 'NOW' } };
  const kept: KeptProject = { ...project, header };
  vi.spyOn(store, 'open').mockResolvedValue(kept);
  vi.spyOn(store, 'list').mockResolvedValue([]);
  const put: unknown[] = [];
  const transaction = { objectStore: () => ({ put: (value: unknown) => put.push(value) }) };
  vi.spyOn(Database.prototype, 'write').mockImplementation((_, change) => {
    change(transaction as unknown as IDBTransaction);
    return Promise.resolve();
  });
  await new Library(store).duplicate(header.id);
  expect(put).toMatchObject([
    { name: expect.stringContaining('Now') as string, size: 7, settings: header.settings },
  ]);
  expect(put).not.toMatchObject([{ id: header.id }]);
});
