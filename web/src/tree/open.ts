import { inParallel } from '../schedule/parallel.ts';
import { ChangedContentError, UnopenedFile } from './content.ts';
import { pathOf, type TreeNode } from './model.ts';

/** Files opened together. */
const AT_ONCE = 32;
const REPORT_EVERY = 64;

/** Opens all files that are not open yet. Rejects with the path of the first one that is gone or has changed. */
export async function openFiles(
  nodes: readonly TreeNode[],
  signal: AbortSignal,
  onProgress?: (opened: number, of: number) => void,
): Promise<void> {
  const closed = nodes.filter((node) => contentToOpen(node) !== null);
  let at = 0;
  let opened = 0;
  await inParallel(
    () => closed[at++],
    AT_ONCE,
    async (node) => {
      signal.throwIfAborted();
      try {
        await contentToOpen(node)?.open();
      } catch {
        throw new ChangedContentError(pathOf(node));
      }
      opened += 1;
      if (opened % REPORT_EVERY === 0 || opened === closed.length) {
        onProgress?.(opened, closed.length);
      }
    },
  );
}

function contentToOpen(node: TreeNode): UnopenedFile | null {
  return node.kind === 'file' && node.file instanceof UnopenedFile && node.file.file === null
    ? node.file
    : null;
}

/** The file of a node, opened now if it was not yet. */
export async function openFile(node: TreeNode): Promise<File | null> {
  if (node.kind !== 'file') {
    return null;
  }
  return node.file instanceof UnopenedFile ? node.file.open() : node.file instanceof File ? node.file : null;
}

/** The file of a node, if it is open. */
export function openedFile(node: TreeNode | undefined): File | null {
  const content = node?.kind === 'file' ? node.file : null;
  const file = content instanceof UnopenedFile ? content.file : content;
  return file instanceof File ? file : null;
}
