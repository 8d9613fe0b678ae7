/**
 * A tree in pieces that are kept one by one: a piece is a few thousand children of one directory, so that a change
 * rewrites one of them however large the tree is. Directories have numbers that stay theirs when they are renamed.
 */
import { Slicer } from '../schedule/slicer.ts';
import type { ContentTree } from '../tree/model.ts';
import { type DirectoryNode, type TreeNode } from '../tree/model.ts';
import { AbsentFile } from './absent.ts';
import { detailsFrom, keptDetails, type KeptDetails, type RootedStream } from './kept-details.ts';
import type { Origin, Origins } from './origins.ts';

/** Number of the directory, and which of its pieces. */
export type PieceKey = readonly [directory: number, part: number];

/** Some children of a directory. */
export interface Piece {
  /** Names, separated by slashes, which no name has. */
  names: string;
  /** 0 file, 1 directory. */
  kinds: Uint8Array;
  /** Size of a file, number of a directory. */
  values: Float64Array;
  /** Milliseconds since 1970; NaN for a directory. */
  modified: Float64Array;
  /** Where the files came from, `root:directory`, each one different from the one before, with where it begins. */
  origins: readonly (readonly [from: number, origin: string])[];
  /** Files that are called otherwise where they lie, by their place. */
  own: readonly (readonly [at: number, name: string])[];
  /** What the user said of a file or directory, by its place. */
  details: readonly (readonly [at: number, details: KeptDetails<RootedStream>])[];
}

const CHILDREN = 4000;
const ROOT = 0;
const FNV_PRIME = 0x01000193;

/** A piece in one number, to see whether it is still what was kept: FNV-1a over what tells pieces apart. */
function digest({ names, kinds, values, modified, origins, own, details }: Piece): number {
  const rest = [origins.flat(), own.flat(), [JSON.stringify(details)]].flat().join('\0');
  const text = digestOfText(digestOfText(0x811c9dc5, names), `\0${rest}`);
  return [kinds, values, modified].reduce((sum, { buffer }) => digestOfBytes(sum, buffer), text) >>> 0;
}

function digestOfText(start: number, text: string): number {
  let sum = start;
  for (let at = 0; at < text.length; at += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(at), FNV_PRIME);
  }
  return sum;
}

function digestOfBytes(start: number, buffer: ArrayBufferLike): number {
  let sum = start;
  for (const byte of new Uint8Array(buffer)) {
    sum = Math.imul(sum ^ byte, FNV_PRIME);
  }
  return sum;
}

/** What has changed since the last time, and what is no more. */
export interface TreeChanges {
  pieces: (readonly [PieceKey, Piece])[];
  gone: PieceKey[];
  /** To be called when the changes are kept. */
  kept: () => void;
}

export class TreeKeeper {
  readonly #numbers = new WeakMap<DirectoryNode, number>();
  readonly #origins: Origins;
  #nextNumber = 1;
  /** What is kept: the digest of each piece by its key. */
  #known = new Map<string, number>();

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** Compares the tree with what is kept. Rejects when `signal` says that the tree has changed meanwhile. */
  async changes(tree: ContentTree, signal: AbortSignal): Promise<TreeChanges> {
    const slicer = new Slicer(signal);
    const known = new Map<string, number>();
    const pieces: (readonly [PieceKey, Piece])[] = [];
    const open: DirectoryNode[] = [tree.root];
    for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
      const children = [...directory.children.values()];
      const number = this.#numberOf(directory, tree);
      for (let start = 0, part = 0; start < children.length; start += CHILDREN, part += 1) {
        const some = children.slice(start, start + CHILDREN);
        const piece = this.#piece(some, tree);
        const key = `${number}/${part}`;
        const sum = digest(piece);
        known.set(key, sum);
        if (this.#known.get(key) !== sum) {
          pieces.push([[number, part], piece]);
        }
        open.push(...some.filter((child) => child.kind === 'directory'));
        if (slicer.due) {
          await slicer.turn();
        }
      }
    }
    const gone = [...this.#known.keys()].filter((key) => !known.has(key)).map(keyFrom);
    return {
      pieces,
      gone,
      kept: () => {
        this.#known = known;
      },
    };
  }

  /** Fills a tree from pieces; answers with how many could not be read. `isNew` says that they are not kept yet. */
  restore(tree: ContentTree, kept: ReadonlyMap<string, unknown>, isNew: boolean): number {
    let damaged = 0;
    const open: [number, DirectoryNode][] = [[ROOT, tree.root]];
    const seen = new Set<number>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [number, directory] = next;
      seen.add(number);
      for (let part = 0; kept.has(`${number}/${part}`); part += 1) {
        const key = `${number}/${part}`;
        const piece = asPiece(kept.get(key));
        if (piece === null) {
          damaged += 1;
          continue;
        }
        if (!isNew) {
          this.#known.set(key, digest(piece));
        }
        open.push(...this.#fill(tree, directory, piece, seen));
      }
    }
    // What cannot be reached has lost the piece that led to it.
    const reached = (key: string): boolean => seen.has(keyFrom(key)[0]);
    return damaged + [...kept.keys()].filter((key) => !reached(key)).length;
  }

  #fill(
    tree: ContentTree,
    parent: DirectoryNode,
    piece: Piece,
    seen: ReadonlySet<number>,
  ): [number, DirectoryNode][] {
    const directories: [number, DirectoryNode][] = [];
    const own = new Map(piece.own);
    const details = new Map(
      piece.details.map(([at, said]) => [at, detailsFrom(said, this.#origins, ({ root }) => root)]),
    );
    const origins = new Map(piece.origins);
    let from: Omit<Origin, 'name'> | null = null;
    for (const [at, name] of piece.names.split('/').entries()) {
      const value = piece.values[at] ?? 0;
      if (piece.kinds[at] === 1) {
        const node = tree.addDirectory(parent, name);
        node.details = details.get(at) ?? null;
        this.#numbers.set(node, value);
        this.#nextNumber = Math.max(this.#nextNumber, value + 1);
        if (!seen.has(value)) {
          directories.push([value, node]);
        }
        continue;
      }
      from = origins.has(at) ? asOrigin(origins.get(at) ?? '') : from;
      const file = new AbsentFile(value, piece.modified[at] ?? 0);
      if (from !== null) {
        this.#origins.set(file, { ...from, name: own.get(at) ?? name });
      }
      tree.addFile(parent, name, file).node.details = details.get(at) ?? null;
    }
    return directories;
  }

  #piece(children: readonly TreeNode[], tree: ContentTree): Piece {
    const kinds = new Uint8Array(children.length);
    const values = new Float64Array(children.length);
    const modified = new Float64Array(children.length);
    const origins: (readonly [number, string])[] = [];
    const own: (readonly [number, string])[] = [];
    const details: (readonly [number, KeptDetails<RootedStream>])[] = [];
    let last: Origin | undefined;
    // Counted here: an iterator would make an array for each of hundreds of thousands.
    let at = -1;
    for (const node of children) {
      at += 1;
      if (node.details !== null) {
        details.push([at, keptDetails(node.details, this.#origins, (stream) => stream)]);
      }
      if (node.kind === 'directory') {
        kinds[at] = 1;
        values[at] = this.#numberOf(node, tree);
        modified[at] = Number.NaN;
        continue;
      }
      values[at] = node.file.size;
      modified[at] = node.file.lastModified;
      const origin = this.#origins.get(node.file);
      if (origin !== undefined && origin.name !== node.name) {
        own.push([at, origin.name]);
      }
      if (origin !== undefined && (last?.root !== origin.root || last.directory !== origin.directory)) {
        origins.push([at, `${origin.root}:${origin.directory}`]);
        last = origin;
      }
    }
    return {
      names: children.map(({ name }) => name).join('/'),
      kinds,
      values,
      modified,
      origins,
      own,
      details,
    };
  }

  #numberOf(directory: DirectoryNode, tree: ContentTree): number {
    if (directory === tree.root) {
      return ROOT;
    }
    let number = this.#numbers.get(directory);
    if (number === undefined) {
      number = this.#nextNumber;
      this.#nextNumber += 1;
      this.#numbers.set(directory, number);
    }
    return number;
  }
}

function keyFrom(key: string): PieceKey {
  const [directory, part] = key.split('/').map(Number);
  return [directory ?? ROOT, part ?? 0];
}

function asOrigin(text: string): Omit<Origin, 'name'> {
  const colon = text.indexOf(':');
  return { root: Number(text.slice(0, colon)), directory: text.slice(colon + 1) };
}

/** A kept value as a piece, or `null` when it is none. */
function asPiece(value: unknown): Piece | null {
  const { names, kinds, values, modified, origins, own, details } = (value ?? {}) as Partial<Piece>;
  if (
    typeof names !== 'string' ||
    !(kinds instanceof Uint8Array) ||
    !(values instanceof Float64Array) ||
    !(modified instanceof Float64Array) ||
    !Array.isArray(origins) ||
    !Array.isArray(own) ||
    !Array.isArray(details)
  ) {
    return null;
  }
  const count = names.split('/').length;
  const complete = [kinds, values, modified].every((each) => each.length === count);
  return complete ? { names, kinds, values, modified, origins, own, details } : null;
}
