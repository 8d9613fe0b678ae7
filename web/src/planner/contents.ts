/** Bytes of files that the planner has to look into, and reading them. */
import type { TreeNode } from '../tree/model.ts';
import { openFile } from '../tree/open.ts';
import { ChangedContentError } from '../tree/content.ts';
import { pathOf } from '../tree/model.ts';
import type { EncodedTree } from './entries.ts';

/** The bytes of files by the numbers of their entries. */
export function contentsByEntry(
  { indexOf }: EncodedTree,
  contents: ReadonlyMap<TreeNode, Uint8Array>,
): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (const [node, content] of contents) {
    const entry = indexOf.get(node.id);
    if (entry !== undefined) {
      found.set(entry, content);
    }
  }
  return found;
}

/** The bytes of a file, or the first `most` of them. Rejects with its path when it is no longer what was added. */
export async function readFile(node: TreeNode, most = Infinity): Promise<Uint8Array> {
  try {
    const file = await openFile(node);
    if (file === null) {
      throw new TypeError('there is no file to read');
    }
    const part = most < file.size ? file.slice(0, most) : file;
    return new Uint8Array(await part.arrayBuffer());
  } catch {
    throw new ChangedContentError(pathOf(node));
  }
}
