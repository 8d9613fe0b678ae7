import { expect, test } from 'vitest';
import { createFormatter } from './format.ts';

const format = createFormatter('en');

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1536, '1.54 kB'],
  [12_345, '12.3 kB'],
  [123_456, '123 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [4_700_372_992, '4.7 GB'],
  [100_103_356_416, '100 GB'],
])('bytes(%d) is %s', (value, text) => {
  expect(format.bytes(value)).toBe(text);
});

test.each([
  [0, '0:00'],
  [-3, '0:00'],
  [59.4, '0:59'],
  [59.6, '1:00'],
  [754, '12:34'],
  [3600, '1 hr 0 min'],
  [7199, '2 hr 0 min'],
  [8100, '2 hr 15 min'],
])('duration(%d) is %s', (value, text) => {
  expect(format.duration(value)).toBe(text);
});

test.each([
  ['en', ['0:00.0', '0:07.3', '12:34.0', '0:59.9', '1:02:03.4']],
  ['es', ['0:00,0', '0:07,3', '12:34,0', '0:59,9', '1:02:03,4']],
])('clocks have tenths as %s writes them', (locale, texts) => {
  const { clock } = createFormatter(locale);
  expect([0, 7.349, 754, 59.999, 3723.45].map(clock)).toEqual(texts);
});

test('rates below a thousand have the sign of the byte, too', () => {
  expect(format.rate(0)).toBe('0 B/s');
});

test.each([
  ['es', ['1,54 kB', '999 B', '11,1 MB/s', '46 %', '2 h 15 min', '12:34', '1.234.567']],
  ['es-MX', ['1.54 kB', '999 B', '11.1 MB/s', '46%', '2 h 15 min', '12:34', '1,234,567']],
  ['fr', ['1,54 ko', '999 o', '11,1 Mo/s', '46 %', '2 h 15 min', '12:34', '1 234 567']],
  ['fi', ['1,54 kt', '999 t', '11,1 Mt/s', '46 %', '2 t 15 min', '12.34', '1 234 567']],
])('%s has its own units, signs and spaces', (locale, texts) => {
  const own = createFormatter(locale);
  const said = [
    own.bytes(1536),
    own.bytes(999),
    own.rate(11_080_000),
    own.percent(0.456),
    own.duration(8100),
    own.duration(754),
    own.count(1_234_567),
  ];
  // Which of the spaces that do not break is a matter of taste, and of the version of the browser.
  expect(said.map((text) => text.replaceAll(/\s/g, ' '))).toEqual(texts);
});

test('counts, shares and rates', () => {
  expect([format.count(1_234_567), format.percent(0.456), format.rate(11_080_000)]).toEqual([
    '1,234,567',
    '46%',
    '11.1 MB/s',
  ]);
});
