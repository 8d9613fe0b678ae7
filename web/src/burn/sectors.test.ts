import { expect, test } from 'vitest';
import { badPlaces, blocksOfCell, coarser, countCells, mapFrom, mapOfDamage } from './sectors.ts';

const damage = {
  blocks: 6,
  unreadable: [{ first: 40, blocks: 2 }],
  different: [
    { first: 99, blocks: 1 },
    { first: 5, blocks: 3 },
  ],
  files: [],
  fileCount: 0,
};

test('the letters of the agent', () => {
  expect(mapFrom({ blocks: 7, cells: '?+~*#-!' }).cells).toEqual([
    'unread',
    'good',
    'weak',
    'failing',
    'different',
    'unreadable',
    'unread',
  ]);
});

test('what is wrong makes a map, where nothing else is known', () => {
  const { cells } = mapOfDamage(100, damage);
  expect(cells.length).toBe(100);
  const at = (state: string): number[] => cells.flatMap((each, cell) => (each === state ? [cell] : []));
  expect([at('unreadable'), at('different')]).toEqual([
    [40, 41],
    [5, 6, 7, 99],
  ]);
  const large = mapOfDamage(2_295_104, {
    ...damage,
    unreadable: [{ first: 2_295_103, blocks: 1 }],
    different: [],
  });
  expect([large.cells.length, large.cells.at(-1), large.cells.at(-2)]).toEqual([1000, 'unreadable', 'good']);
});

test('cells have all blocks, each once', () => {
  for (const blocks of [1, 7, 999, 1000, 1001, 359_847]) {
    const map = mapOfDamage(blocks, { ...damage, unreadable: [], different: [] });
    let next = 0;
    let gaps = 0;
    map.cells.forEach((_, cell) => {
      const [first, end] = blocksOfCell(map, cell);
      gaps += Number(first !== next || end <= first);
      next = end;
    });
    expect(gaps).toBe(0);
    expect(next).toBe(blocks);
  }
});

test('fewer cells show the worst of what they cover', () => {
  const map = mapFrom({ blocks: 100, cells: '++++-+++++' });
  const few = coarser(map, 3);
  expect(few.cells).toEqual(['good', 'unreadable', 'good']);
  expect(coarser(map, 10)).toBe(map);
  expect(countCells(few)).toEqual([
    ['good', 2],
    ['unreadable', 1],
  ]);
});

test('bad places come in the order of the disc', () => {
  expect(badPlaces(damage).map(({ first, state }) => [first, state])).toEqual([
    [5, 'different'],
    [40, 'unreadable'],
    [99, 'different'],
  ]);
});
