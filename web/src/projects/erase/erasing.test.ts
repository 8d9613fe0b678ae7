import { describe, expect, test } from 'vitest';
import type { Drive, DriveMedium } from '../../agent/types.ts';
import { eraseObstacle, eraseRequest } from './erasing.ts';

function medium(kind: string, rewritable = true): DriveMedium {
  return {
    kind,
    label: kind.toUpperCase(),
    status: 'complete',
    rewritable,
    capacityBlocks: 1000,
    freeBlocks: 0,
    sessions: 1,
    tracks: 1,
    writeSpeeds: [],
    fingerprint: 'f1',
    writable: rewritable,
    reason: null,
  };
}

function drive(change: Partial<Drive>): Drive {
  const none = { id: 'd', vendor: '', product: '', revision: '', virtual: true, path: '', leasedBy: null };
  return { ...none, state: 'ready', medium: medium('bd-re'), ...change };
}

describe('erasing', () => {
  const confirm = { drive: 'd', medium: 'f1' };

  test.each([
    ['cd-rw', { kind: 'erase', drive: 'd', full: true, confirm }],
    ['dvd-rw', { kind: 'erase', drive: 'd', full: true, confirm }],
    ['bd-re', { kind: 'format', drive: 'd', format: 'full', confirm }],
    ['dvd-ram', { kind: 'format', drive: 'd', format: 'full', confirm }],
    ['dvd+rw', { kind: 'format', drive: 'd', confirm }],
  ])('a %s in full', (kind, request) => {
    expect(eraseRequest('d', medium(kind), true)).toEqual(request);
  });

  test('a disc that is written once cannot be erased, nor one that is not there or in use', () => {
    expect(eraseObstacle(null)).toBe('noDrive');
    expect(eraseObstacle(drive({ medium: null, state: 'noMedium' }))).toBe('noMedium');
    expect(eraseObstacle(drive({ medium: medium('dvd+r', false) }))).toBe('once');
    expect(eraseObstacle(drive({ leasedBy: 'another page' }))).toBe('busy');
    expect(eraseObstacle(drive({}))).toBeNull();
  });
});
