/** Finds names in a tree, in slices. */
import type { Slicer } from '../schedule/slicer.ts';
import { sortInSlices } from '../schedule/sort.ts';
import { folding } from './folding.ts';
import type { DirectoryNode, TreeNode } from './model.ts';
import { comparing, type Sorting } from './order.ts';

/** What a search found. */
export interface Found {
  readonly matches: ReadonlySet<TreeNode>;
  /** What each directory shows: its children that match or hold a match, in order. */
  readonly kept: ReadonlyMap<DirectoryNode, readonly TreeNode[]>;
}

interface Level {
  directory: DirectoryNode;
  children: IterableIterator<TreeNode>;
  kept: TreeNode[];
}

function levelOf(directory: DirectoryNode): Level {
  return { directory, children: directory.children.values(), kept: [] };
}

/** Finds everything whose name contains the text. A tree that changes meanwhile must be searched again. */
export async function search(
  root: DirectoryNode,
  text: string,
  sorting: Sorting,
  slicer: Slicer,
): Promise<Found> {
  const fold = folding(sorting.language);
  const wanted = fold(text);
  const compare = comparing(sorting);
  const matches = new Set<TreeNode>();
  const kept = new Map<DirectoryNode, readonly TreeNode[]>();
  const stack = [levelOf(root)];
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    if (slicer.due) {
      await slicer.turn();
    }
    const next = level.children.next();
    if (next.done === true) {
      stack.pop();
      if (level.kept.length > 0) {
        kept.set(level.directory, await sortInSlices(level.kept, compare, slicer));
        stack.at(-1)?.kept.push(level.directory);
      } else if (matches.has(level.directory)) {
        stack.at(-1)?.kept.push(level.directory);
      }
      continue;
    }
    const node = next.value;
    if (fold(node.name).includes(wanted)) {
      matches.add(node);
    }
    if (node.kind === 'directory') {
      stack.push(levelOf(node));
    } else if (matches.has(node)) {
      level.kept.push(node);
    }
  }
  return { matches, kept };
}
