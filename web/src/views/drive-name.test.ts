import { expect, test } from 'vitest';
import type { Drive } from '../agent/types.ts';
import { driveName } from './drive-name.ts';

const drive: Drive = {
  id: 'x',
  vendor: 'DISCWRT',
  product: 'Virtual Burner',
  revision: '1',
  virtual: true,
  path: '/home/me/demo.vdisc',
  state: 'ready',
  leasedBy: null,
  medium: null,
};

test('drives of one model are told apart', () => {
  expect(driveName(drive)).toBe('demo.vdisc (virtual)');
  expect(driveName({ ...drive, path: 'C:\\discs\\b.vdisc' })).toBe('b.vdisc (virtual)');
  expect(driveName({ ...drive, vendor: '', virtual: false, path: '/dev/sr1' })).toBe(
    'Virtual Burner (/dev/sr1)',
  );
});
