/** The token that lets this page talk to the agent, and the pairing code in the address it was opened with. */

const KEY = 'discwright.token';

/** Takes the code out of `#pair=CODE`, and out of the address, so that it stays in no history. */
export function takePairingCode(location: Location, history: History): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('pair');
  if (code === null) {
    return null;
  }
  history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}

/** Keeps the token where a reload and a later visit find it; in memory only where storage is refused. */
export class TokenStore {
  readonly #storage: Storage | null;
  #token: string | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#token = storage?.getItem(KEY) ?? null;
  }

  get token(): string | null {
    return this.#token;
  }

  set(token: string): void {
    this.#token = token;
    try {
      this.#storage?.setItem(KEY, token);
    } catch {
      // A full or refused storage only means pairing again after a reload.
    }
  }

  clear(): void {
    this.#token = null;
    this.#storage?.removeItem(KEY);
  }
}

/** The page's own storage, or `null` where the browser refuses it. */
export function pageStorage(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
