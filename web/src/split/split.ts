/** One disc that is too large made into several, each planned exactly. */
import { Slicer } from '../schedule/slicer.ts';
import type { FileContent } from '../tree/content.ts';
import { ContentTree, pathOf, type DirectoryNode, type TreeNode } from '../tree/model.ts';
import { walk } from '../tree/walk.ts';
import { pack, unitsOf, type Unit } from './packing.ts';

/** What file systems need at least, whatever is on the disc. */
const LEAST_OVERHEAD = 2 * 1024 * 1024;
/** How often the discs are filled less, until the planner agrees. */
const TRIES = 6;

/** One of the discs. */
export interface Part {
  readonly tree: ContentTree;
  /** Exact bytes of the image. */
  readonly sizeBytes: number;
}

/** The discs are as empty as they may be, and the image of one is still too large. */
export class NoSplitError extends Error {
  constructor() {
    super('the file systems leave no room');
    this.name = 'NoSplitError';
  }
}

export interface SplitOptions {
  /** Bytes of one disc. */
  readonly capacity: number;
  /** Exact bytes of the image of a tree. Rejects when there can be none. */
  readonly sizeOf: (tree: ContentTree) => Promise<number>;
  /** A file for the root of every disc, made when it is known what is where. */
  readonly list?: { readonly name: string; readonly make: (text: string) => Promise<FileContent> };
  readonly signal: AbortSignal;
}

/** Throws a `TooLargeError` for a file that no such disc holds, and a `NoSplitError`. */
export async function split(root: DirectoryNode, options: SplitOptions): Promise<Part[]> {
  const { capacity, sizeOf, list, signal } = options;
  let room = capacity - LEAST_OVERHEAD;
  for (let tries = 0; tries < TRIES && room > 0; tries += 1) {
    const bins = pack(unitsOf(root, room), room);
    const file = list === undefined ? null : await list.make(contentsText(bins));
    const parts: Part[] = [];
    let over = 0;
    for (const bin of bins) {
      const tree = await treeOf(bin, signal);
      if (file !== null && list !== undefined) {
        tree.addFile(tree.root, list.name, file);
      }
      const sizeBytes = await sizeOf(tree);
      signal.throwIfAborted();
      over = Math.max(over, sizeBytes - capacity);
      parts.push({ tree, sizeBytes });
    }
    if (over <= 0) {
      return parts;
    }
    room -= over + LEAST_OVERHEAD;
  }
  throw new NoSplitError();
}

/** What is on which disc, in text that every system shows. */
export function contentsText(bins: readonly (readonly Unit[])[]): string {
  const lines = bins.flatMap((units, at) => [
    `== ${at + 1} / ${bins.length} ==`,
    '',
    ...units.flatMap(({ node }) => filesBelow(node)),
    '',
  ]);
  return lines.join('\r\n');
}

function filesBelow(node: TreeNode): string[] {
  const files = [...walk(node)].filter(({ kind }) => kind === 'file');
  return files.map(pathOf);
}

/** A tree of its own with these units, in the folders they lie in. The bytes are the same, not copies. */
async function treeOf(units: readonly Unit[], signal: AbortSignal): Promise<ContentTree> {
  const slicer = new Slicer(signal);
  const tree = new ContentTree();
  const made = new Map<TreeNode | null, DirectoryNode>();
  const directoryFor = (original: DirectoryNode | null): DirectoryNode => {
    const above = original?.parent ?? null;
    if (original === null || above === null) {
      return tree.root;
    }
    let directory = made.get(original);
    if (directory === undefined) {
      directory = tree.addDirectory(directoryFor(above), original.name);
      directory.details = original.details;
      made.set(original, directory);
    }
    return directory;
  };
  for (const unit of units) {
    for (const node of walk(unit.node)) {
      const parent = directoryFor(node.parent);
      if (node.kind === 'file') {
        tree.addFile(parent, node.name, node.file).node.details = node.details;
      } else {
        directoryFor(node);
      }
      if (slicer.due) {
        await slicer.turn();
      }
    }
  }
  return tree;
}
