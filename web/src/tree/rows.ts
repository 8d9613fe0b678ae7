import type { Slicer } from '../schedule/slicer.ts';
import { sortInSlices } from '../schedule/sort.ts';
import type { DirectoryNode, TreeNode } from './model.ts';

/** Directories up to this size are sorted at once; larger ones in slices, shown unsorted until then. */
const SORT_AT_ONCE = 2000;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'variant' });

function compareNodes(a: TreeNode, b: TreeNode): number {
  if (a.kind !== b.kind) {
    return a.kind === 'directory' ? -1 : 1;
  }
  return collator.compare(a.name, b.name);
}

/** The rows a tree shows with some directories open: parallel arrays, so that 200,000 rows stay cheap. */
export interface Rows {
  readonly nodes: readonly TreeNode[];
  /** Depth, counted from 1 as `aria-level` is. */
  readonly levels: Uint16Array;
  /** Place among the siblings, counted from 1. */
  readonly positions: Uint32Array;
  /** Open directories whose order is not worked out yet. */
  readonly unsorted: readonly DirectoryNode[];
}

export const NO_ROWS: Rows = {
  nodes: [],
  levels: new Uint16Array(),
  positions: new Uint32Array(),
  unsorted: [],
};

function orderOf(directory: DirectoryNode, unsorted: DirectoryNode[]): readonly TreeNode[] {
  if (directory.order !== null) {
    return directory.order;
  }
  const children = [...directory.children.values()];
  if (children.length > SORT_AT_ONCE) {
    unsorted.push(directory);
    return children;
  }
  directory.order = children.sort(compareNodes);
  return directory.order;
}

/** Lays out the rows that show when the directories in `open` are open. */
export function layOutRows(root: DirectoryNode, open: ReadonlySet<number>): Rows {
  const nodes: TreeNode[] = [];
  const levels: number[] = [];
  const positions: number[] = [];
  const unsorted: DirectoryNode[] = [];
  const stack = [{ list: orderOf(root, unsorted), at: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = top.list[top.at];
    if (node === undefined) {
      stack.pop();
      continue;
    }
    top.at += 1;
    nodes.push(node);
    levels.push(stack.length);
    positions.push(top.at);
    if (node.kind === 'directory' && open.has(node.id)) {
      stack.push({ list: orderOf(node, unsorted), at: 0 });
    }
  }
  return { nodes, levels: Uint16Array.from(levels), positions: Uint32Array.from(positions), unsorted };
}

/** Works out the order of a large directory in slices. Says whether the order still holds at the end. */
export async function sortDirectory(directory: DirectoryNode, slicer: Slicer): Promise<boolean> {
  const children = [...directory.children.values()];
  const order = await sortInSlices(children, compareNodes, slicer);
  if (order.length !== directory.children.size || order.some((node) => node.parent !== directory)) {
    return false;
  }
  directory.order = order;
  return true;
}

/** The rows a window of `height` pixels needs at `scrollTop`, a few more on either side. */
export function visibleRange(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): { start: number; end: number } {
  const spare = 8;
  const start = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return { start: Math.min(start, end), end };
}
