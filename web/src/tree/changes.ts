import type { FileContent } from './content.ts';
import type { Details } from './details.ts';
import type { DirectoryNode, FileNode, TreeNode } from './model.ts';

/** Where a node is: in which directory, and under which name. */
export interface Place {
  readonly parent: DirectoryNode;
  readonly name: string;
}

/** One change of a tree, which can be taken back. What lies below a node goes with it and needs no change of its own. */
export type Change =
  | {
      readonly kind: 'place';
      readonly node: TreeNode;
      readonly from: Place | null;
      readonly to: Place | null;
    }
  | {
      readonly kind: 'content';
      readonly node: FileNode;
      readonly from: FileContent;
      readonly to: FileContent;
    }
  | {
      readonly kind: 'details';
      readonly node: TreeNode;
      readonly from: Details | null;
      readonly to: Details | null;
    };

/** The change that takes this one back. */
export function inverse(change: Change): Change {
  return { ...change, from: change.to, to: change.from } as Change;
}
