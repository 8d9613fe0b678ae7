import { afterEach, expect, test, vi } from 'vitest';
import type { AgentImage } from '../../agent/types.ts';
import { Notices } from '../../state/notices.svelte.ts';
import type { Shell } from '../../state/shell.svelte.ts';
import { t } from '../../strings/strings.ts';
import { CopyTask, ReadImage } from './copy.svelte.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('that a save was stopped is no error, and leaves no file', async () => {
  const remove = vi.fn(() => Promise.resolve());
  const getFile = () => Promise.resolve(new File([], 'disc.iso'));
  vi.stubGlobal('showSaveFilePicker', () => Promise.resolve({ name: 'disc.iso', getFile, remove }));
  const notices = new Notices();
  const content = (_id: string, signal: AbortSignal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new DOMException('stopped', 'AbortError'));
      });
    });
  const copy = new CopyTask({ notices, agent: { api: { content }, jobs: new Map() } } as unknown as Shell);
  copy.image = new ReadImage({ id: 'a', name: 'disc', length: 4096 } as AgentImage);
  const saving = copy.save();
  await vi.waitUntil(() => copy.saving !== null);
  copy.stopSaving();
  await saving;
  expect(notices.list).toMatchObject([{ tone: 'info', title: t.save.cancelled }]);
  expect(remove).toHaveBeenCalledOnce();
});
