import type { Slicer } from '../schedule/slicer.ts';
import { sortInSlices } from '../schedule/sort.ts';
import type { DirectoryNode, TreeNode } from './model.ts';
import { comparing, revisionFor, sortingName, type Sorting } from './order.ts';
import type { Found } from './search.ts';

/** So many children are sorted at once, a matter of milliseconds; more in slices, shown as they were until then. */
const SORT_AT_ONCE = 4000;

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

/** How a tree is looked at. */
export interface Look {
  readonly sorting: Sorting;
  isOpen(directory: DirectoryNode): boolean;
  /** What a search found, if only that is shown. */
  readonly found: Found | null;
}

/** Lays rows out once. */
class Layout {
  readonly unsorted: DirectoryNode[] = [];
  readonly #look: Look;
  readonly #by: string;
  #sorted = 0;

  constructor(look: Look) {
    this.#look = look;
    this.#by = sortingName(look.sorting);
  }

  /** What a directory shows: all its children, or those a search found. */
  shownIn(directory: DirectoryNode): readonly TreeNode[] {
    const { found } = this.#look;
    const kept = found?.kept.get(directory);
    if (found === null || (kept === undefined && found.matches.has(directory))) {
      return this.#orderOf(directory);
    }
    return kept ?? [];
  }

  #orderOf(directory: DirectoryNode): readonly TreeNode[] {
    const { order } = directory;
    const revision = revisionFor(directory, this.#look.sorting);
    if (order?.by === this.#by && order.revision === revision) {
      return order.nodes;
    }
    const children = [...directory.children.values()];
    if (children.length > 1) {
      this.#sorted += children.length;
    }
    if (this.#sorted > SORT_AT_ONCE) {
      this.unsorted.push(directory);
      // Better than none, as long as it has all children.
      const isWhole = order?.nodes.length === children.length;
      return isWhole && order.nodes.every((node) => node.parent === directory) ? order.nodes : children;
    }
    const nodes = children.sort(comparing(this.#look.sorting));
    directory.order = { nodes, by: this.#by, revision };
    return nodes;
  }
}

/** Lays out the rows that show. */
export function layOutRows(root: DirectoryNode, look: Look): Rows {
  const nodes: TreeNode[] = [];
  const levels: number[] = [];
  const positions: number[] = [];
  const layout = new Layout(look);
  const stack = [{ directory: root, list: layout.shownIn(root), at: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = top.list[top.at];
    if (node === undefined) {
      stack.pop();
      continue;
    }
    top.at += 1;
    if (node.parent !== top.directory) {
      // Found before it was moved or removed.
      continue;
    }
    nodes.push(node);
    levels.push(stack.length);
    positions.push(top.at);
    if (node.kind === 'directory' && look.isOpen(node)) {
      stack.push({ directory: node, list: layout.shownIn(node), at: 0 });
    }
  }
  return {
    nodes,
    // Not `from`, which goes through an iterator.
    levels: new Uint16Array(levels),
    positions: new Uint32Array(positions),
    unsorted: layout.unsorted,
  };
}

/** Works out the order of a large directory in slices. Says whether the order still has all children at the end. */
export async function sortDirectory(
  directory: DirectoryNode,
  sorting: Sorting,
  slicer: Slicer,
): Promise<boolean> {
  const { listed } = directory;
  const revision = revisionFor(directory, sorting);
  const nodes = await sortInSlices([...directory.children.values()], comparing(sorting), slicer);
  if (directory.listed !== listed) {
    return false;
  }
  directory.order = { nodes, by: sortingName(sorting), revision };
  return true;
}

/** Rows beyond either edge of the window, ready before they scroll in. */
const SPARE_ROWS = 8;

/**
 * The rows a window of `height` pixels needs at `scrollTop`: always the same number, unless there are fewer, so that
 * those that scroll out can be used again for those that scroll in.
 */
export function visibleRange(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): { start: number; end: number } {
  const wanted = Math.ceil(height / rowHeight) + 1 + 2 * SPARE_ROWS;
  const first = Math.floor(scrollTop / rowHeight) - SPARE_ROWS;
  const start = Math.max(0, Math.min(first, count - wanted));
  return { start, end: Math.min(count, start + wanted) };
}

/** The same rows in a round, beginning with the one whose index has this remainder by their number. */
export function inRound<Row extends { readonly index: number }>(
  rows: readonly Row[],
  remainder: number,
): readonly Row[] {
  const at = rows.findIndex((row) => row.index % rows.length === remainder);
  return at <= 0 ? rows : [...rows.slice(at), ...rows.slice(0, at)];
}
