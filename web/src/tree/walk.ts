import type { DirectoryNode, TreeNode } from './model.ts';

const always = (): boolean => true;

/**
 * A node and all below it: directories before what is in them, that in its order. `into` says which directories to enter.
 *
 * Holds a place in each directory on the way and no list of what is in them, of which there may be hundreds of thousands.
 */
export function* walk(
  from: TreeNode,
  into: (directory: DirectoryNode) => boolean = always,
): Generator<TreeNode, void> {
  const levels: Iterator<TreeNode>[] = [[from].values()];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const next = level.next();
    if (next.done === true) {
      levels.pop();
      continue;
    }
    const node = next.value;
    yield node;
    if (node.kind === 'directory' && into(node)) {
      levels.push(node.children.values());
    }
  }
}
