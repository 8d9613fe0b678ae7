import { beforeEach, describe, expect, test } from 'vitest';
import { ShellCache, type Asked } from './shell-cache.ts';

const SCOPE = 'http://127.0.0.1:8653/';
const FILES = ['index.html', 'assets/a-1f.js', 'docs/guide.html'];

/** The part of the browser's store that is used. */
class Store {
  readonly caches = new Map<string, Map<string, Response>>();

  open(name: string): Promise<Cache> {
    const kept = this.caches.get(name) ?? new Map<string, Response>();
    this.caches.set(name, kept);
    const cache = {
      put: (url: string, response: Response) => Promise.resolve(void kept.set(url, response)),
      match: (url: string) => Promise.resolve(kept.get(url)?.clone()),
    };
    return Promise.resolve(cache as unknown as Cache);
  }

  keys(): Promise<string[]> {
    return Promise.resolve([...this.caches.keys()]);
  }

  delete(name: string): Promise<boolean> {
    return Promise.resolve(this.caches.delete(name));
  }
}

let store = new Store();
let asked: string[] = [];
/** What the server answers; `null` when there is none. */
let server: ((url: string) => Response) | null = null;

function shell(version: string, scope = SCOPE): ShellCache {
  const fetcher: typeof fetch = (input) => {
    asked.push(input as string);
    return server === null
      ? Promise.reject(new TypeError('no network'))
      : Promise.resolve(server(input as string));
  };
  return new ShellCache({ version, files: FILES }, scope, store as unknown as CacheStorage, fetcher);
}

function request(url: string, more: Partial<Asked> = {}): Asked {
  return { url: new URL(url, SCOPE).href, method: 'GET', mode: 'cors', ...more };
}

async function textOf(answer: Promise<Response> | null): Promise<string> {
  return (await (await answer)?.text()) ?? 'not ours';
}

beforeEach(() => {
  store = new Store();
  asked = [];
  server = (url) => new Response(`server: ${url}`);
});

describe('kept files', () => {
  test('answer without the network, whatever the query', async () => {
    const kept = shell('one');
    await kept.install();
    server = null;
    expect(await textOf(kept.answer(request('/', { mode: 'navigate' })))).toBe(`server: ${SCOPE}`);
    expect(await textOf(kept.answer(request('/index.html?x')))).toBe(`server: ${SCOPE}`);
    expect(await textOf(kept.answer(request('/assets/a-1f.js')))).toBe(`server: ${SCOPE}assets/a-1f.js`);
    expect(await textOf(kept.answer(request('/docs/guide.html', { mode: 'navigate' })))).toContain('guide');
  });

  test('that the browser threw away are fetched again', async () => {
    const kept = shell('one');
    await kept.install();
    store.caches.clear();
    expect(await textOf(kept.answer(request('/assets/a-1f.js')))).toContain('a-1f');
  });

  test('are those of this version alone', async () => {
    await shell('one').install();
    store.caches.set('of another page', new Map());
    await shell('two').install();
    expect(store.caches.size).toBe(3);
    await shell('two').clean();
    expect([...store.caches.keys()]).toEqual(['of another page', 'discwright-shell-two']);
  });
});

test('a version of which a file is missing keeps nothing', async () => {
  server = (url) => new Response('', { status: url.endsWith('.js') ? 404 : 200 });
  await expect(shell('one').install()).rejects.toThrow('a-1f.js: 404');
  expect(store.caches.size).toBe(0);
});

test('the agent, other sites and what changes something are left alone', async () => {
  const kept = shell('one');
  await kept.install();
  asked = [];
  for (const other of [
    request('/v1/health'),
    request('/v1'),
    request('/v1/jobs', { mode: 'navigate' }),
    request('/index.html', { method: 'POST' }),
    request('http://127.0.0.1:8654/index.html'),
    request('/unknown.js'),
  ]) {
    expect(kept.answer(other), other.url).toBeNull();
  }
  expect(asked).toEqual([]);
});

test('an address nobody knows is the server’s to answer, and without one leads to the page', async () => {
  const kept = shell('one');
  await kept.install();
  const unknown = request('/nowhere', { mode: 'navigate' });
  expect(await textOf(kept.answer(unknown))).toBe(`server: ${SCOPE}nowhere`);
  server = null;
  expect(await textOf(kept.answer(unknown))).toBe(`server: ${SCOPE}`);
});

test('a page in a folder of a site minds its own folder', async () => {
  const scope = 'https://site.example/discs/';
  const kept = shell('one', scope);
  await kept.install();
  const at = (url: string): Asked => ({ url, method: 'GET', mode: 'cors' });
  expect(await textOf(kept.answer(at(scope)))).toBe(`server: ${scope}`);
  expect(kept.answer(at('https://site.example/index.html'))).toBeNull();
});
