import { Slicer } from '../schedule/slicer.ts';
import { isUnmeasured, type FileContent } from '../tree/content.ts';
import {
  modifiedOf,
  pathOf,
  type ContentTree,
  type DirectoryNode,
  type FileNode,
  type TreeNode,
} from '../tree/model.ts';
import { streamPath, type NamedStream } from '../tree/streams.ts';
import { putDetails } from './columns.ts';
import { ENTRY_DIRECTORY, ENTRY_FILE, type DetailColumns, type EntryColumns } from './messages.ts';

/** The tree as the planner takes it, and the way back from entry numbers to nodes. */
export interface EncodedTree {
  entries: EntryColumns;
  /** Node of each entry number. */
  nodes: TreeNode[];
  /** Entry number of each node, by node id. */
  indexOf: EntryNumbers;
  /** Files whose size is not known: their entries are wrong. */
  unmeasured: FileNode[];
  /** Named streams in the order of their entries: their sources are numbered behind all entries. */
  streams: EncodedStream[];
}

export interface EncodedStream extends NamedStream {
  readonly entry: number;
}

/** The bytes that a source of the plan stands for; `null` for a directory. */
export function contentOf({ nodes, streams }: EncodedTree, source: number): FileContent | null {
  const node = nodes[source];
  return (node?.kind === 'file' ? node.file : streams[source - nodes.length]?.file) ?? null;
}

/** Path of a source of the plan. */
export function sourcePath({ nodes, streams }: EncodedTree, source: number): string {
  const stream = streams[source - nodes.length];
  const node = nodes[stream?.entry ?? source];
  const path = node === undefined ? '' : pathOf(node);
  return stream === undefined ? path : streamPath(path, stream.name);
}

/** Entry numbers by node id: a `Map` of hundreds of thousands takes ten times the memory. */
class EntryNumbers {
  readonly #numbers: Int32Array;

  constructor(idLimit: number) {
    this.#numbers = new Int32Array(idLimit).fill(-1);
  }

  get(id: number): number | undefined {
    const number = this.#numbers[id] ?? -1;
    return number < 0 ? undefined : number;
  }

  set(id: number, number: number): void {
    this.#numbers[id] = number;
  }
}

/** Bytes of paths that are gathered in one piece. */
const PIECE = 256 * 1024;

/** Paths as UTF-8, one after the other: in pieces, as one buffer that grew would leave three times as much behind. */
class PathBuffer {
  readonly #encoder = new TextEncoder();
  readonly #full: Uint8Array[] = [];
  #piece = new Uint8Array(PIECE);
  #used = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Takes what comes before a name, and the name. Makes no objects for names of ASCII, as most are. */
  push(prefix: Uint8Array, name: string): void {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    const most = prefix.length + name.length * 3;
    if (this.#piece.length - this.#used < most) {
      this.#full.push(this.#piece.subarray(0, this.#used));
      this.#piece = new Uint8Array(Math.max(PIECE, most));
      this.#used = 0;
    }
    const start = this.#used;
    this.#piece.set(prefix, start);
    this.#used += prefix.length;
    this.#used +=
      this.#putAscii(name) || this.#encoder.encodeInto(name, this.#piece.subarray(this.#used)).written;
    this.#length += this.#used - start;
  }

  /** Writes a name of ASCII and answers with its length; writes nothing that counts for another, and answers with 0. */
  #putAscii(name: string): number {
    for (let at = 0; at < name.length; at += 1) {
      const unit = name.charCodeAt(at);
      if (unit > 0x7f) {
        return 0;
      }
      this.#piece[this.#used + at] = unit;
    }
    return name.length;
  }

  take(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of [...this.#full, this.#piece.subarray(0, this.#used)]) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}

interface Level {
  /** The path of the directory with a `/` behind it, in UTF-8; nothing for the root. */
  prefix: Uint8Array;
  children: IterableIterator<TreeNode>;
}

function levelOf(directory: DirectoryNode): Level {
  const path = pathOf(directory);
  const prefix = new TextEncoder().encode(path === '' ? '' : `${path}/`);
  return { prefix, children: directory.children.values() };
}

/** Lists the tree, parents before children, in slices. The tree must not change meanwhile; cancel if it does. */
export async function encodeTree(tree: ContentTree, signal?: AbortSignal): Promise<EncodedTree> {
  const slicer = new Slicer(signal);
  const count = tree.root.files + tree.root.directories;
  const paths = new PathBuffer();
  const pathEnds = new Uint32Array(count);
  const kinds = new Uint8Array(count);
  const sizes = new Float64Array(count);
  const modified = new Float64Array(count);
  const details: DetailColumns = {};
  const nodes: TreeNode[] = [];
  const indexOf = new EntryNumbers(tree.idLimit);
  const unmeasured: FileNode[] = [];
  const streams: EncodedStream[] = [];
  const stack = [levelOf(tree.root)];
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const next = level.children.next();
    if (next.done === true) {
      stack.pop();
      continue;
    }
    const node = next.value;
    const index = nodes.length;
    nodes.push(node);
    indexOf.set(node.id, index);
    paths.push(level.prefix, node.name);
    pathEnds[index] = paths.length;
    modified[index] = modifiedOf(node);
    if (node.details !== null) {
      putDetails(details, count, index, node.details);
      streams.push(...(node.details.streams ?? []).map((stream) => ({ ...stream, entry: index })));
    }
    if (node.kind === 'directory') {
      kinds[index] = ENTRY_DIRECTORY;
      stack.push(levelOf(node));
    } else {
      kinds[index] = ENTRY_FILE;
      sizes[index] = node.file.size;
      if (isUnmeasured(node.file)) {
        unmeasured.push(node);
      }
    }
    if (slicer.due) {
      await slicer.turn();
    }
  }
  const entries = { paths: paths.take(), pathEnds, kinds, sizes, modified, ...details };
  return { entries, nodes, indexOf, unmeasured, streams };
}
