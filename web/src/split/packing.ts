/**
 * Which files go on which of several discs. First fit, the largest first: folders stay whole where one disc holds them,
 * and the parts of one that has to be divided come to lie beside each other where there is room. Files are never divided.
 */
import { pathOf, type DirectoryNode, type FileNode, type TreeNode } from '../tree/model.ts';
import { walk } from '../tree/walk.ts';

const BLOCK = 2048;
/** Most that the names of a file take in all file systems together, and that a folder takes. */
const FILE_BYTES = 4 * 1024;
const FOLDER_BYTES = 12 * 1024;

/** A file or folder that goes on one disc as a whole, with the room it may take. */
export interface Unit {
  readonly node: TreeNode;
  readonly bytes: number;
}

/** A file that is larger than a disc. */
export class TooLargeError extends Error {
  readonly path: string;
  readonly size: number;

  constructor(file: FileNode) {
    super(pathOf(file));
    this.name = 'TooLargeError';
    this.path = this.message;
    this.size = file.file.size;
  }
}

/** The most that a node can take on a disc, but for named streams. */
function bytesOf(node: TreeNode): number {
  if (node.kind === 'file') {
    return Math.ceil(node.file.size / BLOCK) * BLOCK + FILE_BYTES;
  }
  return node.size + node.files * (BLOCK + FILE_BYTES) + (node.directories + 1) * FOLDER_BYTES;
}

/** The most that named streams take, of each node with all below it that has any. */
function streamBytes(root: DirectoryNode): Map<TreeNode, number> {
  const bytes = new Map<TreeNode, number>();
  for (const node of walk(root)) {
    const streams = node.details?.streams ?? [];
    // The directory of the streams takes as much as one more of them.
    const sum = streams.reduce((most, { file }) => most + file.size + BLOCK + FILE_BYTES, BLOCK + FILE_BYTES);
    for (let at: TreeNode | null = node; at !== null && streams.length > 0; at = at.parent) {
      bytes.set(at, (bytes.get(at) ?? 0) + sum);
    }
  }
  return bytes;
}

/** Whole folders that fit on a disc, and of those that do not, what is in them. Throws a `TooLargeError`. */
export function unitsOf(root: DirectoryNode, room: number): Unit[] {
  const units: Unit[] = [];
  const ofStreams = streamBytes(root);
  const most = (node: TreeNode): number => bytesOf(node) + (ofStreams.get(node) ?? 0);
  const isSplit = (directory: DirectoryNode): boolean => directory === root || most(directory) > room;
  for (const node of walk(root, isSplit)) {
    const bytes = most(node);
    if (node !== root && bytes <= room) {
      units.push({ node, bytes });
    } else if (node.kind === 'file') {
      throw new TooLargeError(node);
    }
  }
  return units;
}

/** One disc while it is being filled. */
interface Bin {
  readonly units: Unit[];
  left: number;
  readonly parents: Set<DirectoryNode | null>;
}

/** Puts units on discs with this much room. Each is on one disc, in the order of the tree. */
export function pack(units: readonly Unit[], room: number): Unit[][] {
  const bins: Bin[] = [];
  const order = new Map(units.map((unit, at) => [unit, at]));
  for (const unit of [...units].sort((a, b) => b.bytes - a.bytes)) {
    const fits = bins.filter((bin) => bin.left >= unit.bytes);
    let bin = fits.find(({ parents }) => parents.has(unit.node.parent)) ?? fits[0];
    if (bin === undefined) {
      bin = { units: [], left: room, parents: new Set() };
      bins.push(bin);
    }
    bin.units.push(unit);
    bin.left -= unit.bytes;
    // Beside the root anything lies as well as anything else.
    if ((unit.node.parent?.parent ?? null) !== null) {
      bin.parents.add(unit.node.parent);
    }
  }
  return bins.map((bin) => bin.units.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}
