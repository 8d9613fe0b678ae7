import { expect, test } from 'vitest';
import { folding } from './folding.ts';

function finds(language: string, typed: string, name: string): boolean {
  const fold = folding(language);
  return fold(name).includes(fold(typed));
}

test.each([
  ['en', 'ete', 'ÉTÉ 2021'],
  ['en', 'TREAS', 'treasure.txt'],
  ['en', 'ano', 'año nuevo'],
  ['es', 'informatica', 'Informática'],
  ['es', 'AÑO', 'año nuevo'],
  ['es', 'an\u0303o', 'año'],
  ['sv', 'ÅR', 'år'],
  ['tr', 'ıs', 'ISI.txt'],
  ['hi', 'कि', 'किताब'],
])('in %s, %s finds %s', (language, typed, name) => {
  expect(finds(language, typed, name)).toBe(true);
});

test.each([
  ['es', 'ano', 'año nuevo'],
  ['sv', 'ar', 'år'],
  ['tr', 'is', 'ISI.txt'],
  ['hi', 'क', 'ख'],
])('in %s, %s does not find %s, which has another letter', (language, typed, name) => {
  expect(finds(language, typed, name)).toBe(false);
});
