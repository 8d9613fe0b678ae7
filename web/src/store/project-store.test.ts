import { expect, test, vi } from 'vitest';
import { Database } from './database.ts';
import { newProject, ProjectStore } from './project-store.ts';

/** A store that puts what `put` lets it. */
async function saved(put: (value: { handle?: unknown }) => void): Promise<unknown[]> {
  const values: unknown[] = [];
  const transaction = {
    objectStore: () => ({
      put: (value: object) => {
        put(value);
        values.push(value);
      },
    }),
  };
  const write = vi.spyOn(Database.prototype, 'write').mockImplementation((_, change) => {
    change(transaction as unknown as IDBTransaction);
    return Promise.resolve();
  });
  const { header } = newProject('data');
  const roots = [{ number: 1, name: 'a', handle: { kind: 'file' } as FileSystemHandle }];
  await new ProjectStore().save({ header, pieces: [], gone: [], roots }).finally(() => {
    write.mockRestore();
  });
  return values.slice(1);
}

/** Refuses handles as a browser does that has them and cannot keep them. */
const refuse = (name: string) => (value: { handle?: unknown }) => {
  if (value.handle instanceof Object) {
    throw new DOMException('no', name);
  }
};

test('a project is kept without the handles that a browser cannot keep', async () => {
  expect(await saved(() => undefined)).toEqual([{ name: 'a', handle: { kind: 'file' } }]);
  expect(await saved(refuse('DataCloneError'))).toEqual([{ name: 'a', handle: null }]);
});
