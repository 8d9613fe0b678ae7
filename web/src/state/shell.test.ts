import { beforeEach, expect, test, vi } from 'vitest';
import { kindById, type KindModule, type OpenProject } from '../projects/kinds.ts';
import { StoreError } from '../store/database.ts';
import {
  newProject,
  ProjectStore,
  type Changes,
  type KeptProject,
  type ProjectHeader,
} from '../store/project-store.ts';
import { chooseLanguage } from '../strings/strings.ts';
import { Shell } from './shell.svelte.ts';

/** What hears of errors nobody caught. */
let hear: (event: { reason: unknown }) => void;
/** What the store has. */
let kept: Map<string, ProjectHeader>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('navigator', { languages: ['en'] });
  vi.stubGlobal('location', { hash: '', hostname: '127.0.0.1' });
  hear = () => undefined;
  vi.stubGlobal('addEventListener', (name: string, listener: typeof hear) => {
    hear = name === 'unhandledrejection' ? listener : hear;
  });
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

function imageProject(): KeptProject {
  const fresh = newProject('image');
  const settings = { name: 'system.iso', size: 5, modified: 0 };
  return { ...fresh, header: { ...fresh.header, name: 'system.iso', settings } };
}

/** A shell that shows a project of an image. */
async function showing(): Promise<{ shell: Shell; project: OpenProject; id: string }> {
  const shell = new Shell();
  vi.spyOn(shell.agent, 'start').mockResolvedValue();
  const fresh = imageProject();
  await shell.add(fresh, () => null);
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

test('a project is not added where it cannot be kept', async () => {
  const { shell } = await showing();
  const failure = new StoreError('full', null);
  const project = { title: '', busy: false, keeping: { failure, state: 'failed' } };
  const image = kindById('image')!;
  const module = { open: () => Promise.resolve(project), View: () => ({}) } as unknown as KindModule;
  vi.spyOn(image, 'load').mockResolvedValue(module);
  await expect(shell.add(imageProject(), () => null)).rejects.toBe(failure);
});

test('a project that could not be kept asks before the page is left', async () => {
  const { shell, project } = await showing();
  expect(shell.busy).toBe(false);
  vi.spyOn(shell.store, 'save').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
  project.rename?.('Rescue');
  await project.keep?.();
  expect(shell.busy).toBe(true);
});

test('a project that is deleted leaves the screen, where nothing of it would be kept', async () => {
  const { shell, project, id } = await showing();
  await shell.removeProject(id);
  expect(shell.screen.at).toBe('gone');
  project.rename?.('Rescue');
  await project.keep?.();
  expect([...kept.keys()]).toEqual([]);
});

test('why a project could not be opened is said in the language of the page', async () => {
  const { shell } = await showing();
  await chooseLanguage('es');
  vi.spyOn(kindById('erase') ?? expect.fail(), 'load').mockRejectedValue(new Error('no such part'));
  location.hash = '#/erase';
  await shell.showAgain();
  await chooseLanguage('en');
  expect(shell.screen).toMatchObject({
    at: 'failed',
    message: expect.stringContaining('en inglés') as string,
  });
});

test('an error nobody caught is told, and what was broken off is none', async () => {
  const { shell } = await showing();
  hear({ reason: new DOMException('stopped', 'AbortError') });
  expect(shell.notices.list).toEqual([]);
  hear({ reason: new Error('out of order') });
  expect(shell.notices.list).toMatchObject([{ tone: 'error', title: 'Out of order.' }]);
});
