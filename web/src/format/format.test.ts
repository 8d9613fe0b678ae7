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
  [3600, '1 h 00 min'],
  [7199, '2 h 00 min'],
])('duration(%d) is %s', (value, text) => {
  expect(format.duration(value)).toBe(text);
});

test('counts, shares and rates', () => {
  expect([format.count(1_234_567), format.percent(0.456), format.rate(11_080_000)]).toEqual([
    '1,234,567',
    '46%',
    '11.1 MB/s',
  ]);
});
