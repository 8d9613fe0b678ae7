import { expect, test } from 'vitest';
import {
  checkVolume,
  defaultVolume,
  hasFileSystem,
  numberedVolume,
  suggestVolume,
  toggleFileSystem,
} from './volume.ts';

test.each([
  ['Photos', null],
  ['', 'empty'],
  ['   ', 'empty'],
  ['a\tb', 'control'],
  ['x'.repeat(32), null],
  ['x'.repeat(33), 'long'],
  ['😀'.repeat(32), null],
] as const)('checkVolume(%j) is %j', (name, problem) => {
  expect(checkVolume(name)).toBe(problem);
});

test('a suggestion is always usable', () => {
  for (const name of ['x'.repeat(200), '😀'.repeat(40), ' a\tb ', `${'x'.repeat(31)} y`]) {
    expect(checkVolume(suggestVolume(name))).toBeNull();
  }
  expect(defaultVolume(new Date(2026, 10, 4))).toBe('DISC_2026_11_04');
});

test('one volume of several has its number', () => {
  expect(numberedVolume(' Photos ', 2, 3)).toBe('Photos 2-3');
  const long = numberedVolume('😀'.repeat(32), 10, 12);
  expect([long.endsWith('😀 10-12'), checkVolume(long)]).toEqual([true, null]);
});

test('file systems that need another bring it and go with it', () => {
  const none = { iso9660: false, joliet: false, rockRidge: false, udf: false };
  expect(toggleFileSystem(none, 'joliet', true)).toEqual({ ...none, iso9660: true, joliet: true });
  const all = { iso9660: true, joliet: true, rockRidge: true, udf: true };
  expect(toggleFileSystem(all, 'iso9660', false)).toEqual({ ...none, udf: true });
  expect([hasFileSystem(none), hasFileSystem({ ...none, udf: true })]).toEqual([false, true]);
});
