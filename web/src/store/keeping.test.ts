import { expect, test } from 'vitest';
import { Keeping } from './keeping.svelte.ts';
import { newProject, type Changes, type ProjectStore } from './project-store.ts';

test('a project that is deleted while its changes are gathered does not come back', async () => {
  const saved: Changes[] = [];
  const store = { save: (changes: Changes) => Promise.resolve(saved.push(changes)) };
  let gathered = (): void => undefined;
  const changes = { header: newProject('data').header, pieces: [], gone: [], roots: [] };
  const keeping = new Keeping(store as unknown as ProjectStore, async () => {
    await new Promise<void>((resolve) => (gathered = resolve));
    return { ...changes, kept: () => undefined };
  });
  keeping.schedule();
  const running = keeping.now();
  await Promise.resolve();
  keeping.stop();
  gathered();
  await running;
  expect(saved).toEqual([]);
});
