import { expect, test } from 'vitest';
import { Slicer } from './slicer.ts';
import { sortInSlices } from './sort.ts';

/** A small linear congruential generator: the same "random" numbers in every run. */
function numbers(count: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, () => (state = (state * 1103515245 + 12345) % 2147483648) % 5000);
}

test.each([0, 1, 2, 1023, 1024, 1025, 20_000])('sorts %i items as Array.sort does', async (count) => {
  const items = numbers(count);
  const sorted = await sortInSlices(items, (a, b) => a - b, new Slicer());
  expect(sorted).toEqual([...items].sort((a, b) => a - b));
});

test('keeps equal items in their order', async () => {
  const items = numbers(8000).map((key, index) => ({ key: key % 7, index }));
  const sorted = await sortInSlices(items, (a, b) => a.key - b.key, new Slicer());
  for (let i = 1; i < sorted.length; i += 1) {
    const [before, after] = [sorted[i - 1]!, sorted[i]!];
    expect(before.key < after.key || (before.key === after.key && before.index < after.index)).toBe(true);
  }
});

test('stops with the reason once cancelled', async () => {
  const abort = new AbortController();
  abort.abort(new Error('enough'));
  const slicer = new Slicer(abort.signal);
  await expect(slicer.turn()).rejects.toThrow('enough');
});
