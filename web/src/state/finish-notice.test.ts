import { afterEach, expect, test, vi } from 'vitest';
import type { Job } from '../agent/types.ts';
import { chooseLanguage } from '../strings/strings.ts';
import type { Agent } from './agent.svelte.ts';
import { FinishNotice } from './finish-notice.svelte.ts';

afterEach(async () => {
  vi.unstubAllGlobals();
  await chooseLanguage('en');
});

test('a notification says why a job failed in the language of the page', async () => {
  const told: unknown[] = [];
  class Notification extends EventTarget {
    static readonly requestPermission = () => Promise.resolve('granted');
    constructor(title: string, { body }: { body: string }) {
      super();
      told.push([title, body]);
    }
  }
  vi.stubGlobal('Notification', Notification);
  vi.stubGlobal('document', { hasFocus: () => true });
  await chooseLanguage('es');
  const running = { id: 'a', kind: 'burn', state: 'running', phase: 'writing' } as unknown as Job;
  const error = { code: 'writeFailed', title: '', status: 500, detail: 'block 7 was refused' };
  const jobs = new Map([['a', running]]);
  const notice = new FinishNotice({ jobs } as unknown as Agent);
  await notice.ask(running);
  notice.look(jobs);
  notice.look(new Map([['a', { ...running, state: 'failed', error }]]));
  await vi.waitFor(() => {
    expect(told).toEqual([[expect.any(String), 'La unidad no pudo escribir en el disco.']]);
  });
});
