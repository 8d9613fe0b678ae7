import { afterEach, expect, test, vi } from 'vitest';
import { Updates } from './updates.svelte.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('who stays when the browser asks whether to leave can update later', async () => {
  vi.useFakeTimers();
  const reload = vi.fn();
  vi.stubGlobal('location', { reload });
  const updates = new Updates(() => Promise.resolve());
  await updates.reload();
  expect([updates.reloading, reload.mock.calls.length]).toEqual([true, 1]);
  vi.runAllTimers();
  expect(updates.reloading).toBe(false);
});
