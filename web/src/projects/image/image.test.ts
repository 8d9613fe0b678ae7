import { beforeAll, expect, test } from 'vitest';
import { Notices } from '../../state/notices.svelte.ts';
import type { Shell } from '../../state/shell.svelte.ts';
import { newProject, type Changes, type KeptProject } from '../../store/project-store.ts';
import { loadWords } from '../../strings/strings.ts';
import { ImageProject } from './image.svelte.ts';

beforeAll(() => loadWords('image'));

const KNOWN = { name: 'system.iso', size: 5, modified: 1_600_000_000_000 };

function kept(): KeptProject {
  const project = newProject('image');
  return { ...project, header: { ...project.header, name: KNOWN.name, settings: KNOWN }, isNew: false };
}

function opened(project = kept()): { project: ImageProject; notices: Notices; saved: Changes[] } {
  const saved: Changes[] = [];
  const notices = new Notices();
  const store = {
    save: (changes: Changes) => {
      saved.push(changes);
      return Promise.resolve();
    },
  };
  const shell = { store, notices } as unknown as Shell;
  return { project: new ImageProject(shell, project), notices, saved };
}

function file(lastModified: number): File {
  return new File([new Uint8Array(KNOWN.size)], KNOWN.name, { lastModified });
}

test('a project whose file is not found yet is renamed, and knows its file still', async () => {
  const { project, saved } = opened();
  project.rename('Rescue');
  await project.keep();
  expect(saved.map(({ header }) => header)).toMatchObject([
    { name: 'Rescue', size: KNOWN.size, files: 1, settings: KNOWN },
  ]);
  const again = opened({ ...kept(), header: saved[0]?.header ?? kept().header }).project;
  expect([again.title, again.name, again.absent]).toEqual(['Rescue', KNOWN.name, true]);
});

test('a project with no file yet is not kept', async () => {
  const { project, saved } = opened(newProject('image'));
  project.rename('Rescue');
  await project.keep();
  expect(saved).toEqual([]);
});

test('another file of the same name and size is told', () => {
  const { project, notices } = opened();
  project.choose(file(KNOWN.modified));
  expect(notices.list).toEqual([]);
  const other = opened();
  other.project.choose(file(KNOWN.modified + 1000));
  expect(other.notices.list.map(({ title }) => title)).toEqual([expect.stringContaining(KNOWN.name)]);
});

test('a browser that refuses to ask for the file is told as a file that is lost', async () => {
  const requestPermission = () => Promise.reject(new DOMException('no', 'SecurityError'));
  const handle = { kind: 'file', requestPermission } as unknown as FileSystemHandle;
  const { project, notices } = opened({ ...kept(), roots: [{ number: 1, name: KNOWN.name, handle }] });
  await project.find();
  expect(notices.list).toMatchObject([{ tone: 'error' }]);
});
