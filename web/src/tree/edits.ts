/** What a user does to a tree, in terms of its single changes. Nothing that is there is lost without being counted. */
import { patched, type DetailsPatch } from './details.ts';
import { freeName, isWithin, type ContentTree, type DirectoryNode, type TreeNode } from './model.ts';

/** What became of nodes that were put into a directory. */
export interface MergeCounts {
  /** Files that took the place of others. */
  replaced: number;
  /** Nodes that got another name because a file and a directory had the same one. */
  renamed: number;
}

/** Whether a node may go into this directory and would be anywhere else then. */
export function canMove(node: TreeNode, target: DirectoryNode): boolean {
  return node.parent !== target && !isWithin(target, node);
}

/**
 * Puts a node into a directory. Directories of the same name become one; of files of the same name the later one
 * stays, with what was said of the earlier one; a file and a directory of the same name both stay, the later one under
 * another name.
 */
export function merge(tree: ContentTree, node: TreeNode, target: DirectoryNode, counts: MergeCounts): void {
  const existing = target.children.get(node.name);
  if (existing === node) {
    return;
  }
  if (existing?.kind === 'directory' && node.kind === 'directory') {
    mergeDirectories(tree, node, existing, counts);
  } else if (existing?.kind === 'file' && node.kind === 'file') {
    counts.replaced += 1;
    if (node.details === null && existing.details !== null) {
      tree.setDetails(node, existing.details);
    }
    tree.remove(existing);
    tree.place(node, target);
  } else {
    counts.renamed += existing === undefined ? 0 : 1;
    tree.place(node, target, freeName(target, node.name));
  }
}

function mergeDirectories(
  tree: ContentTree,
  from: DirectoryNode,
  into: DirectoryNode,
  counts: MergeCounts,
): void {
  for (const child of [...from.children.values()]) {
    merge(tree, child, into, counts);
  }
  if (into.details === null && from.details !== null) {
    tree.setDetails(into, from.details);
  }
  // A directory that lay in the one it was merged with may have been given new children in turn.
  if (from.children.size === 0) {
    tree.remove(from);
  }
}

/** Moves nodes into a directory; those that cannot go there stay. Answers with how many moved. */
export function move(
  tree: ContentTree,
  nodes: readonly TreeNode[],
  target: DirectoryNode,
): MergeCounts & { moved: number } {
  const counts = { moved: 0, replaced: 0, renamed: 0 };
  for (const node of nodes) {
    if (canMove(node, target)) {
      merge(tree, node, target, counts);
      counts.moved += 1;
    }
  }
  return counts;
}

/** Changes details of several nodes alike. */
export function change(tree: ContentTree, nodes: readonly TreeNode[], patch: DetailsPatch): void {
  for (const node of nodes) {
    tree.setDetails(node, patched(node.details, patch));
  }
}

/**
 * Puts what is in a directory at the top of the tree, and takes the directory away with those around it that hold nothing
 * else. Says whether it did: not where something at the top has the same name.
 */
export function lift(tree: ContentTree, directory: DirectoryNode): boolean {
  let gone = directory;
  while (gone.parent !== null && gone.parent !== tree.root && gone.parent.children.size === 1) {
    gone = gone.parent;
  }
  const taken = (name: string): boolean => {
    const there = tree.root.children.get(name);
    return there !== undefined && there !== gone;
  };
  if (directory.parent === null || [...directory.children.keys()].some(taken)) {
    return false;
  }
  tree.remove(gone);
  for (const child of [...directory.children.values()]) {
    tree.place(child, tree.root);
  }
  return true;
}
