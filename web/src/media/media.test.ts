import { expect, test } from 'vitest';
import { BLOCK_SIZE, MEDIA, mediumById, smallestFor } from './media.ts';

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
