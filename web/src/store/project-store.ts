/**
 * Where projects are kept between visits. A project is its header, with all that is small, and for one with a tree
 * the pieces of that tree (`tree-pieces.ts`), so that a change rewrites little of it. Handles of the user's files lie
 * apart, because only some browsers have them.
 */
import type { KindId } from '../projects/kinds.ts';
import { Database, resultOf } from './database.ts';
import type { Piece, PieceKey } from './tree-pieces.ts';

/** What is known of a project without opening it. */
export interface ProjectHeader {
  readonly id: string;
  readonly kind: KindId;
  name: string;
  /** Milliseconds since 1970. */
  created: number;
  changed: number;
  /** Bytes and number of its files. */
  size: number;
  files: number;
  /** What the kind keeps besides a tree. Whoever reads it checks it. */
  settings: unknown;
}

/** A file or folder the user added, by which the files below it are found again. */
export interface KeptRoot {
  readonly number: number;
  readonly name: string;
  /** `null` where the browser has none. */
  readonly handle: FileSystemHandle | null;
}

/** Changes of a project that belong together. */
export interface Changes {
  header: ProjectHeader;
  pieces: readonly (readonly [PieceKey, Piece])[];
  gone: readonly PieceKey[];
  roots: readonly KeptRoot[];
}

/** What is kept of an opened project. */
export interface KeptProject {
  header: ProjectHeader;
  pieces: Map<string, unknown>;
  roots: KeptRoot[];
  /** Whether it came from elsewhere and is not kept yet. */
  isNew: boolean;
}

const PROJECTS = 'projects';
const PIECES = 'pieces';
const ROOTS = 'roots';
const ALL = [PROJECTS, PIECES, ROOTS] as const;

function upgrade(database: IDBDatabase): void {
  database.createObjectStore(PROJECTS, { keyPath: 'id' });
  database.createObjectStore(PIECES);
  database.createObjectStore(ROOTS);
}

/** All keys that begin with the project's id: arrays sort behind every text and number. */
function within(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}

function looksLikeHeader(value: unknown): value is ProjectHeader {
  const { id, kind, name, changed } = (value ?? {}) as Partial<ProjectHeader>;
  return (
    typeof id === 'string' &&
    typeof kind === 'string' &&
    typeof name === 'string' &&
    typeof changed === 'number'
  );
}

/** A number nobody else has, for projects of this browser. */
export function newProjectId(): string {
  return crypto.randomUUID().slice(0, 13);
}

/** A project with nothing in it yet. */
export function newProject(kind: KindId, id = newProjectId()): KeptProject {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const header = { id, kind, name: '', created: now, changed: now, size: 0, files: 0, settings: null };
  return { header, pieces: new Map(), roots: [], isNew: true };
}

export class ProjectStore {
  readonly #database = new Database('discwright', 1, upgrade);

  /** All projects, the one changed last first. What is no project any more is left out. */
  async list(): Promise<ProjectHeader[]> {
    const found = await this.#database.read([PROJECTS], (transaction) =>
      resultOf<unknown[]>(transaction.objectStore(PROJECTS).getAll()),
    );
    return found.filter(looksLikeHeader).sort((a, b) => b.changed - a.changed);
  }

  /** All of a project; `null` when there is none of that id. */
  open(id: string): Promise<KeptProject | null> {
    return this.#database.read(ALL, async (transaction) => {
      const [header, keys, values, rootKeys, roots] = await Promise.all([
        resultOf<unknown>(transaction.objectStore(PROJECTS).get(id)),
        resultOf(transaction.objectStore(PIECES).getAllKeys(within(id))),
        resultOf<unknown[]>(transaction.objectStore(PIECES).getAll(within(id))),
        resultOf(transaction.objectStore(ROOTS).getAllKeys(within(id))),
        resultOf(transaction.objectStore(ROOTS).getAll(within(id)) as IDBRequest<Omit<KeptRoot, 'number'>[]>),
      ]);
      if (!looksLikeHeader(header)) {
        return null;
      }
      const pieces = new Map(keys.map((key, at) => [keyOf(key as (string | number)[]), values[at]]));
      const numbered = rootKeys.map((key, at) => ({
        number: (key as [string, number])[1],
        name: roots[at]?.name ?? '',
        handle: roots[at]?.handle ?? null,
      }));
      return { header, pieces, roots: numbered, isNew: false };
    });
  }

  save({ header, pieces, gone, roots }: Changes): Promise<void> {
    return this.#database.write(ALL, (transaction) => {
      transaction.objectStore(PROJECTS).put(header);
      const store = transaction.objectStore(PIECES);
      for (const [[directory, part], piece] of pieces) {
        store.put(piece, [header.id, directory, part]);
      }
      for (const [directory, part] of gone) {
        store.delete([header.id, directory, part]);
      }
      putRoots(transaction, header.id, roots);
    });
  }

  remove(id: string): Promise<void> {
    return this.#database.write(ALL, (transaction) => {
      transaction.objectStore(PROJECTS).delete(id);
      transaction.objectStore(PIECES).delete(within(id));
      transaction.objectStore(ROOTS).delete(within(id));
    });
  }

  /** Puts a copy of a project beside it, as it is kept now but for what `unlike` says. */
  async duplicate(
    id: string,
    unlike: (kept: ProjectHeader) => Pick<ProjectHeader, 'id' | 'name' | 'changed'>,
  ): Promise<void> {
    const kept = await this.open(id);
    if (kept === null) {
      return;
    }
    const header = { ...kept.header, ...unlike(kept.header) };
    await this.#database.write(ALL, (transaction) => {
      transaction.objectStore(PROJECTS).put(header);
      for (const [key, piece] of kept.pieces) {
        const [directory, part] = key.split('/').map(Number);
        transaction.objectStore(PIECES).put(piece, [header.id, directory ?? 0, part ?? 0]);
      }
      putRoots(transaction, header.id, kept.roots);
    });
  }

  /** Gives a project that is not open another name. */
  async rename(id: string, name: string): Promise<void> {
    const kept = await this.open(id);
    if (kept !== null) {
      const header = { ...kept.header, name, changed: Date.now() };
      await this.save({ header, pieces: [], gone: [], roots: [] });
    }
  }
}

/** Some browsers have handles and cannot keep them: then the files are shown again, as where there are none. */
function putRoots(transaction: IDBTransaction, id: string, roots: readonly KeptRoot[]): void {
  const store = transaction.objectStore(ROOTS);
  for (const { number, name, handle } of roots) {
    const put = (kept: FileSystemHandle | null) => store.put({ name, handle: kept }, [id, number]);
    try {
      put(handle);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'DataCloneError') {
        throw error;
      }
      put(null);
    }
  }
}

function keyOf([, part, number]: readonly (string | number)[]): string {
  return `${part ?? ''}/${number ?? ''}`;
}
