import { inParallel } from '../schedule/parallel.ts';
import { ChangedContentError, UnopenedFile, type FileContent } from './content.ts';
import type { TreeNode } from './model.ts';

/** Files opened together. */
const AT_ONCE = 32;
const REPORT_EVERY = 64;

/** Opens all files that are not open yet. Rejects with the path of the first one that is gone or has changed. */
export async function openFiles(
  contents: readonly (FileContent | null)[],
  pathOf: (at: number) => string,
  signal: AbortSignal,
  onProgress?: (opened: number, of: number) => void,
): Promise<void> {
  const closed = [...contents.keys()].filter((at) => contentToOpen(contents[at]) !== null);
  let at = 0;
  let opened = 0;
  await inParallel(
    () => closed[at++],
    AT_ONCE,
    async (which) => {
      signal.throwIfAborted();
      try {
        await contentToOpen(contents[which])?.open();
      } catch {
        throw new ChangedContentError(pathOf(which));
      }
      opened += 1;
      if (opened % REPORT_EVERY === 0 || opened === closed.length) {
        onProgress?.(opened, closed.length);
      }
    },
  );
}

function contentToOpen(content: FileContent | null | undefined): UnopenedFile | null {
  return content instanceof UnopenedFile && content.file === null ? content : null;
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
  return node?.kind === 'file' ? openedContent(node.file) : null;
}

/** The file behind a content, if it is open. */
export function openedContent(content: FileContent | null): File | null {
  const file = content instanceof UnopenedFile ? content.file : content;
  return file instanceof File ? file : null;
}
