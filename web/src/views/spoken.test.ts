import { expect, test } from 'vitest';
import { spokenCount, spokenPart } from './spoken.ts';

test('a whole is read out in tenths', () => {
  expect([0, 1, 9, 10, 999, 1000].map((done) => spokenPart(done, 1000))).toEqual([0, 0, 0, 0, 900, 1000]);
  expect(spokenPart(0, 0)).toBe(0);
  const said = new Set(Array.from({ length: 12_346 }, (_, done) => spokenPart(done, 12_345)));
  expect([said.size, Math.max(...said)]).toEqual([11, 12_345]);
});

test('a number that grows is read out the less often the larger it is', () => {
  expect([0, 1, 9, 10, 19, 20, 1234, 99_999].map(spokenCount)).toEqual([0, 1, 9, 10, 10, 20, 1000, 90_000]);
  const said = new Set(Array.from({ length: 200_001 }, (_, n) => spokenCount(n)));
  expect(said.size).toBeLessThan(60);
});
