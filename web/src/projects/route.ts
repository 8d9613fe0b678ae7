/** Where in the page the user is, as its address says it: `#/`, `#/erase`, `#/data/0f3c`. */
import { kindById, type KindId } from './kinds.ts';

export type Route =
  { at: 'start' } | { at: 'task'; kind: KindId } | { at: 'project'; kind: KindId; id: string };

/** What an address means; anything unknown is the start. */
export function parseRoute(hash: string): Route {
  const [, name = '', id = ''] = /^#\/([a-z]+)(?:\/([\w-]+))?$/.exec(hash) ?? [];
  const kind = kindById(name);
  if (kind === undefined) {
    return { at: 'start' };
  }
  if (!kind.kept) {
    return { at: 'task', kind: kind.id };
  }
  return id === '' ? { at: 'start' } : { at: 'project', kind: kind.id, id };
}

export function formatRoute(route: Route): string {
  switch (route.at) {
    case 'start':
      return '#/';
    case 'task':
      return `#/${route.kind}`;
    case 'project':
      return `#/${route.kind}/${route.id}`;
  }
}
