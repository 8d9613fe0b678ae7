import { describe, expect, test } from 'vitest';
import { formatRoute, parseRoute, type Route } from './route.ts';

describe('addresses', () => {
  test.each<Route>([
    { at: 'start' },
    { at: 'task', kind: 'erase' },
    { at: 'project', kind: 'data', id: '0f3c-9' },
  ])('are read as they are written: %o', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  test.each(['', '#', '#contents', '#/nothing', '#/data', '#/data/', '#/data/../x', '#pair=BCDF-GHJK'])(
    'that mean nothing are the start: %s',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ at: 'start' });
    },
  );
});
