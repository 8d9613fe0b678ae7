/** The token that lets this page talk to the agent, and the pairing code in the address it was opened with. */

const KEY = 'discwright.token';
const ADDRESS_KEY = 'discwright.agent';

/** Takes the code out of `#pair=CODE`, and out of the address, so that it stays in no history. */
export function takePairingCode(location: Location, history: History): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('pair');
  if (code === null) {
    return null;
  }
  history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}

/** Keeps the token, and where the agent is that gave it, where a reload and a later visit find it; in memory only where storage is refused. */
export class TokenStore {
  readonly #storage: Storage | null;
  #token: string | null;
  #address: string | null;

  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#token = storage?.getItem(KEY) ?? null;
    this.#address = storage?.getItem(ADDRESS_KEY) ?? null;
  }

  /** Where the agent was last time, if that was not where this page came from. */
  get address(): string | null {
    return this.#address;
  }

  setAddress(address: string): void {
    this.#address = address;
    this.#keep(ADDRESS_KEY, address);
  }

  get token(): string | null {
    return this.#token;
  }

  set(token: string): void {
    this.#token = token;
    this.#keep(KEY, token);
  }

  clear(): void {
    this.#token = null;
    this.#storage?.removeItem(KEY);
  }

  #keep(key: string, value: string): void {
    try {
      this.#storage?.setItem(key, value);
    } catch {
      // A full or refused storage only means pairing again after a reload.
    }
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
