import { expect, test } from 'vitest';
import { createWords } from './words.ts';

const english = createWords('en', { quotes: ['“', '”'], more: (n) => `${n} more` });
const polish = createWords('pl', { quotes: ['„', '”'], more: (n) => `jeszcze ${n}` });
const arabic = createWords('ar', { quotes: ['«', '»'], more: (n) => `${n} أخرى`, direction: 'rtl' });
const FILES = { one: 'plik', few: 'pliki', many: 'plików', other: 'pliku' };

test.each([
  [1, '1 plik'],
  [3, '3 pliki'],
  [5, '5 plików'],
  [22, '22 pliki'],
  [0.5, '0,5 pliku'],
])('%d takes the form the language has for it: %s', (n, text) => {
  expect(polish.items(n, FILES)).toBe(text);
});

test('a form that is not given is like the last', () => {
  expect(english.form(1, { other: 'fish' })).toBe('fish');
});

test('plain names stay as they are in a language from the left', () => {
  expect(english.isolated('Été ☀ 2021.txt')).toBe('Été ☀ 2021.txt');
  expect(english.quoted('a')).toBe('“a”');
});

test('names from the right are isolated, and marks in them reach no further', () => {
  expect(english.isolated('שלום.txt')).toBe('\u2068שלום.txt\u2069');
  expect(english.isolated('a\u202egpj.exe')).toBe('agpj.exe');
  expect(english.isolated('\u2069\u2069سلام\u2067')).toBe('\u2068سلام\u2069');
});

test('every name is isolated in a language from the right', () => {
  expect(arabic.quoted('a.txt')).toBe('«\u2068a.txt\u2069»');
});

test('lists show three names and how many more there are', () => {
  expect(english.list(['a'])).toBe('“a”');
  expect(english.list(['a', 'b'])).toBe('“a” and “b”');
  expect(english.list(['a', 'b', 'c', 'd', 'e'])).toBe('“a”, “b”, “c”, and 2 more');
});
