/** An image that is wanted: loaded when the first is. */
import { composeImage, sourcesBetween } from '../planner/compose.ts';
import { contentOf, sourcePath, type EncodedTree } from '../planner/entries.ts';
import type { ImageParts } from '../planner/messages.ts';
import { firstUnreadable } from '../save/unreadable.ts';
import { Slicer } from '../schedule/slicer.ts';
import { ChangedContentError } from '../tree/content.ts';
import { openedContent } from '../tree/open.ts';
import type { ReadyImage } from './burnable.ts';

/** Bytes on either side of a failed read that are looked at first. */
const NEAR = 64 * 1024 * 1024;

/** An image ready to be read, and the way from its bytes back to the user's files. */
export class ComposedImage implements ReadyImage {
  readonly blob: Blob;
  readonly #parts: ImageParts;
  readonly #tree: EncodedTree;

  private constructor(blob: Blob, parts: ImageParts, tree: EncodedTree) {
    this.blob = blob;
    this.#parts = parts;
    this.#tree = tree;
  }

  /** Puts the image of a plan together. The files of the tree are open. */
  static async from(parts: ImageParts, tree: EncodedTree, signal: AbortSignal): Promise<ComposedImage> {
    const blob = await composeImage(parts, (source) => fileOf(tree, source), new Slicer(signal));
    return new ComposedImage(blob, parts, tree);
  }

  /** Path of a file that can no longer be read, those around byte `near` first; `null` when all can. */
  async findUnreadable(near: number | null, signal?: AbortSignal): Promise<string | null> {
    const close = near === null ? [] : sourcesBetween(this.#parts, near - NEAR, near + NEAR);
    const bad =
      (await firstUnreadable(close, (source) => fileOf(this.#tree, source), signal)) ??
      (await this.firstUnreadable(signal));
    return bad === null ? null : this.pathOf(bad);
  }

  /** Number of the first file that cannot be read. Looks at every file. */
  firstUnreadable(
    signal?: AbortSignal,
    onProgress?: (checked: number, of: number) => void,
  ): Promise<number | null> {
    const all = sourcesBetween(this.#parts, 0, Infinity);
    return firstUnreadable(
      all,
      (source) => fileOf(this.#tree, source),
      signal,
      (checked) => onProgress?.(checked, all.length),
    );
  }

  pathOf(source: number): string {
    return sourcePath(this.#tree, source);
  }
}

function fileOf(tree: EncodedTree, source: number): File {
  const file = openedContent(contentOf(tree, source));
  if (file === null) {
    // All were opened before: this one is still to be found again.
    throw new ChangedContentError(sourcePath(tree, source));
  }
  return file;
}
