import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Sha256 } from './sha256.ts';

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 131 + (at >> 8)) & 255);
}

describe('SHA-256', () => {
  test.each([0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 200_003])('of %i bytes is that of Node', (n) => {
    const hash = new Sha256();
    hash.update(bytes(n));
    expect(hash.hex()).toBe(createHash('sha256').update(bytes(n)).digest('hex'));
  });

  test('is the same in whatever pieces the data come', () => {
    const data = bytes(1000);
    const hash = new Sha256();
    for (let at = 0, step = 1; at < data.length; at += step, step = (step * 7) % 97) {
      hash.update(data.subarray(at, at + step));
    }
    expect(hash.hex()).toBe(createHash('sha256').update(data).digest('hex'));
  });
});
