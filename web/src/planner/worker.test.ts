import { afterEach, expect, test, vi } from 'vitest';
import type { PlannerReply } from './messages.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Asks a worker whose planner throws this. Answers with what it replies, and what it throws in turn. */
async function asked(thrown: unknown): Promise<{ replies: PlannerReply[]; uncaught: unknown[] }> {
  const replies: PlannerReply[] = [];
  const uncaught: unknown[] = [];
  let hear: (event: MessageEvent<object>) => void = () => undefined;
  vi.stubGlobal('addEventListener', (_: string, listener: typeof hear) => (hear = listener));
  vi.stubGlobal('postMessage', (reply: PlannerReply) => replies.push(reply));
  vi.stubGlobal('setTimeout', (later: () => void) => {
    try {
      later();
    } catch (error) {
      uncaught.push(error);
    }
  });
  const planImage = (): never => {
    throw thrown;
  };
  vi.doMock('image-wasm', () => ({ default: () => Promise.resolve(), planImage }));
  await import('./worker.ts');
  const data = { kind: 'plan', call: 7, entries: {}, contents: new Map(), streams: [] };
  hear(new MessageEvent('message', { data }));
  await vi.waitUntil(() => replies.length + uncaught.length > 0);
  return { replies, uncaught };
}

test('what the planner refuses is answered', async () => {
  const { replies, uncaught } = await asked({ kind: 'boot', message: 'no' });
  expect(replies).toEqual([{ call: 7, ok: false, error: { kind: 'boot', message: 'no' } }]);
  expect(uncaught).toEqual([]);
});

test('a planner that broke is not asked again: the page hears of it as of a worker that ended', async () => {
  const broken = new WebAssembly.RuntimeError('unreachable');
  expect(await asked(broken)).toEqual({ replies: [], uncaught: [broken] });
});
