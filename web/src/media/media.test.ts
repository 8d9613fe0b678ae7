import { expect, test } from 'vitest';
import { BLOCK_SIZE, MEDIA, mediumById, mediumOf, smallestFor } from './media.ts';

test('the smallest disc that fits, to the byte', () => {
  const [cd] = MEDIA;
  const full = (cd?.blocks ?? 0) * BLOCK_SIZE;
  expect(smallestFor(0)?.id).toBe('cd');
  expect(smallestFor(full)?.id).toBe('cd');
  expect(smallestFor(full + 1)?.id).toBe('dvd');
  expect(smallestFor(200e9)).toBeUndefined();
});

test('discs are listed from small to large', () => {
  const blocks = MEDIA.map((medium) => medium.blocks);
  expect(blocks).toEqual([...blocks].sort((a, b) => a - b));
});

test('an image for a CD has no UDF, one for a DVD has', () => {
  expect(mediumById('cd')?.fileSystems.udf).toBe(false);
  expect(mediumById('dvd')?.fileSystems.udf).toBe(true);
});

test('a disc in a drive is taken for a medium of its family that it holds as much as', () => {
  expect(mediumOf('cd-rw', 359849)?.id).toBe('cd');
  expect(mediumOf('cd-r', 333000)?.id).toBe('cd');
  expect(mediumOf('dvd+r', 2295104)?.id).toBe('dvd');
  expect(mediumOf('dvd-r-dl', 4171712)?.id).toBe('dvd-dl');
  expect(mediumOf('bd-r', 12219392)?.id).toBe('bd');
  expect(mediumOf('bd-re', 24438784)?.id).toBe('bd-dl');
  expect(mediumOf('hd-dvd-r', 7000000)).toBeUndefined();
});
