/**
 * The little of IndexedDB the page needs, as promises. Whatever the browser says no to becomes a `StoreError`, which
 * tells the three cases apart that need different words.
 */

/** `full`: the browser gives no more room. `damaged`: what was kept cannot be read. `refused`: it keeps nothing here. */
export type StoreProblem = 'full' | 'damaged' | 'refused';

export class StoreError extends Error {
  readonly problem: StoreProblem;

  constructor(problem: StoreProblem, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.name = 'StoreError';
    this.problem = problem;
  }
}

const DAMAGED = new Set(['UnknownError', 'DataError', 'NotReadableError', 'VersionError', 'NotFoundError']);

/** The case an error of IndexedDB belongs to. */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) {
    return error;
  }
  const name = error instanceof Error ? error.name : '';
  const full = name === 'QuotaExceededError';
  return new StoreError(full ? 'full' : DAMAGED.has(name) ? 'damaged' : 'refused', error);
}

/** The result of one request. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(storeError(request.error));
    };
  });
}

/** Resolves when all of a transaction is on the disk, rejects when none of it is. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(storeError(transaction.error));
    };
  });
}

/** A database whose stores are made by `upgrade`; opened when it is first needed, and again when that failed. */
export class Database {
  readonly #name: string;
  readonly #version: number;
  readonly #upgrade: (database: IDBDatabase, from: number) => void;
  #open: Promise<IDBDatabase> | null = null;

  constructor(name: string, version: number, upgrade: (database: IDBDatabase, from: number) => void) {
    this.#name = name;
    this.#version = version;
    this.#upgrade = upgrade;
  }

  /** Asks several stores in one transaction; what it answers is of one moment. */
  async read<T>(stores: readonly string[], ask: (transaction: IDBTransaction) => Promise<T>): Promise<T> {
    return this.#run(stores, 'readonly', ask);
  }

  /** Changes several stores: all of it, or none. */
  async write(stores: readonly string[], change: (transaction: IDBTransaction) => void): Promise<void> {
    await this.#run(stores, 'readwrite', async (transaction) => {
      const done = committed(transaction);
      try {
        change(transaction);
      } catch (error) {
        transaction.abort();
        await done.catch(() => undefined);
        throw error;
      }
      await done;
    });
  }

  async #run<T>(
    stores: readonly string[],
    mode: IDBTransactionMode,
    work: (transaction: IDBTransaction) => Promise<T>,
  ): Promise<T> {
    try {
      const database = await (this.#open ??= this.#connect());
      return await work(database.transaction([...stores], mode));
    } catch (error) {
      throw storeError(error);
    }
  }

  #connect(): Promise<IDBDatabase> {
    const opening = new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.#name, this.#version);
      request.onupgradeneeded = (event) => {
        this.#upgrade(request.result, event.oldVersion);
      };
      request.onsuccess = () => {
        const forget = () => {
          this.#open = null;
        };
        request.result.onclose = forget;
        // A newer page wants to change the stores: this one opens them again when it needs them.
        request.result.onversionchange = () => {
          request.result.close();
          forget();
        };
        resolve(request.result);
      };
      request.onerror = () => {
        reject(storeError(request.error));
      };
    });
    opening.catch(() => {
      this.#open = null;
    });
    return opening;
  }
}
