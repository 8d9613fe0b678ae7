/** The files of the page, kept so that it opens without a network: one cache for each version, all of it or nothing. */

/** What the build says there is. */
export interface ShellFiles {
  readonly version: string;
  readonly files: readonly string[];
}

/** What a page tells a version that waits. A type alone: pages and the worker share no code. */
export type ToWorker = 'takeOver';

const PREFIX = 'discwright-shell-';
const INDEX = 'index.html';

/** What is asked of a request. */
export type Asked = Pick<Request, 'method' | 'mode' | 'url'>;

export class ShellCache {
  readonly #name: string;
  readonly #scope: URL;
  readonly #files: ReadonlySet<string>;
  readonly #caches: CacheStorage;
  readonly #fetch: typeof fetch;

  constructor(shell: ShellFiles, scope: string, storage: CacheStorage, fetcher: typeof fetch) {
    this.#name = PREFIX + shell.version;
    this.#scope = new URL(scope);
    this.#files = new Set(shell.files);
    this.#caches = storage;
    this.#fetch = fetcher;
  }

  /** Fetches every file. Rejects, and keeps none, when one cannot be had. */
  async install(): Promise<void> {
    try {
      const cache = await this.#caches.open(this.#name);
      await Promise.all(Array.from(this.#files, (file) => this.#keep(cache, file)));
    } catch (error) {
      await this.#caches.delete(this.#name);
      throw error;
    }
  }

  /** Deletes what other versions kept. */
  async clean(): Promise<void> {
    const names = await this.#caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== this.#name);
    await Promise.all(old.map((name) => this.#caches.delete(name)));
  }

  /** The answer to a request, or `null` where it is none of ours: the agent is always asked itself. */
  answer(request: Asked): Promise<Response> | null {
    const url = new URL(request.url);
    const isAgent = url.pathname === '/v1' || url.pathname.startsWith('/v1/');
    if (request.method !== 'GET' || url.origin !== this.#scope.origin || isAgent) {
      return null;
    }
    const file = this.#fileAt(url.pathname);
    if (file !== null) {
      return this.#kept(file, request.url);
    }
    // An address that nobody knows is the server's to answer; without one it leads to the page.
    return request.mode === 'navigate'
      ? this.#fetch(request.url).catch(() => this.#kept(INDEX, this.#scope.href))
      : null;
  }

  async #keep(cache: Cache, file: string): Promise<void> {
    const address = this.#addressOf(file);
    // Names under `assets/` have a hash of the content in them; whatever the browser has of those is right.
    const reload = file.startsWith('assets/') ? 'default' : 'no-cache';
    const response = await this.#fetch(address, { cache: reload });
    if (!response.ok || response.redirected) {
      throw new Error(`${address}: ${response.status}`);
    }
    await cache.put(address, response);
  }

  async #kept(file: string, url: string): Promise<Response> {
    const cache = await this.#caches.open(this.#name);
    const found = await cache.match(this.#addressOf(file), { ignoreVary: true });
    return found ?? this.#fetch(url);
  }

  /** Servers may call the index by the name of its folder alone. */
  #addressOf(file: string): string {
    return file === INDEX ? this.#scope.href : new URL(file, this.#scope).href;
  }

  #fileAt(path: string): string | null {
    if (!path.startsWith(this.#scope.pathname)) {
      return null;
    }
    const below = path.slice(this.#scope.pathname.length);
    const file = below === '' ? INDEX : below;
    return this.#files.has(file) ? file : null;
  }
}
