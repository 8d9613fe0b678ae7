import { expect, test } from 'vitest';
import { inParallel } from './parallel.ts';

/** Counts down, as a list that is worked on. */
function countFrom(items: number): () => number | undefined {
  let left = items;
  return () => (left > 0 ? left-- : undefined);
}

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

test('all is worked on, at most so many at a time', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await inParallel(countFrom(10), 3, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await tick();
    running -= 1;
    done.push(item);
  });
  expect(done.length).toBe(10);
  expect(most).toBe(3);
  await inParallel(countFrom(0), 3, () => Promise.reject(new Error('nothing is there')));
});

test('a failure is told when what was begun has ended, and nothing more is begun', async () => {
  const ended: number[] = [];
  const work = async (item: number) => {
    if (item === 9) {
      throw new Error('nine');
    }
    await tick();
    ended.push(item);
    if (item === 8) {
      throw new Error('eight came later');
    }
  };
  await expect(inParallel(countFrom(10), 4, work)).rejects.toThrow('nine');
  expect(ended).toEqual([10, 8, 7]);
  await tick();
  expect(ended).toEqual([10, 8, 7]);
});
