import { beforeEach, expect, test, vi } from 'vitest';
import type { OpenProject } from '../projects/kinds.ts';
import { newProject, ProjectStore, type Changes, type ProjectHeader } from '../store/project-store.ts';
import { Shell } from './shell.svelte.ts';

/** What the store has. */
let kept: Map<string, ProjectHeader>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('location', { hash: '', hostname: '127.0.0.1' });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('document', { addEventListener: () => undefined });
  const store = ProjectStore.prototype;
  vi.spyOn(store, 'list').mockImplementation(() => Promise.resolve([...kept.values()]));
  vi.spyOn(store, 'save').mockImplementation(({ header }: Changes) => {
    kept.set(header.id, header);
    return Promise.resolve();
  });
  vi.spyOn(store, 'remove').mockImplementation((id) => {
    kept.delete(id);
    return Promise.resolve();
  });
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});

/** A shell that shows a project of an image. */
async function showing(): Promise<{ shell: Shell; project: OpenProject; id: string }> {
  const shell = new Shell();
  vi.spyOn(shell.agent, 'start').mockResolvedValue();
  const fresh = newProject('image');
  const settings = { name: 'system.iso', size: 5, modified: 0 };
  await shell.add({ ...fresh, header: { ...fresh.header, name: 'system.iso', settings } }, () => null);
  const { id } = fresh.header;
  location.hash = `#/image/${id}`;
  await shell.start();
  if (shell.screen.at !== 'open') {
    throw new Error(`the screen is ${shell.screen.at}`);
  }
  return { shell, project: shell.screen.project, id };
}

test('the start list shows what was changed last', async () => {
  const { shell, project } = await showing();
  project.rename?.('Rescue');
  location.hash = '';
  await shell.showAgain();
  expect(shell.library.list.map(({ name }) => name)).toEqual(['Rescue']);
});

test('a project that is deleted leaves the screen, where nothing of it would be kept', async () => {
  const { shell, project, id } = await showing();
  await shell.removeProject(id);
  expect(shell.screen.at).toBe('gone');
  project.rename?.('Rescue');
  await project.keep?.();
  expect([...kept.keys()]).toEqual([]);
});
