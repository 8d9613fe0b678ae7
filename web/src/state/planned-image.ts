/** An image that is wanted: loaded when the first is. */
import { composeImage, imageInPieces, imageSlice, sourcesBetween } from '../planner/compose.ts';
import { contentOf, sourcePath, type EncodedTree } from '../planner/entries.ts';
import type { ImageParts } from '../planner/messages.ts';
import { firstUnreadable } from '../save/unreadable.ts';
import { inParallel } from '../schedule/parallel.ts';
import { Slicer } from '../schedule/slicer.ts';
import { ChangedContentError, UnopenedFile } from '../tree/content.ts';
import { openedContent } from '../tree/open.ts';
import type { OnChecked, ReadyImage } from './burnable.ts';

/** Bytes on either side of a failed read that are looked at first. */
const NEAR = 64 * 1024 * 1024;
/** Files looked at together, and after how many that is told. */
const CHECKED_AT_ONCE = 32;
const REPORT_EVERY = 256;

/** An image as it was planned, and the way from its bytes back to the user's files. */
export class PlannedImage implements ReadyImage {
  readonly size: number;
  readonly #parts: ImageParts;
  readonly #tree: EncodedTree;

  constructor(parts: ImageParts, tree: EncodedTree) {
    this.size = parts.segments.lengths.reduce((sum, length) => sum + length, 0);
    this.#parts = parts;
    this.#tree = tree;
  }

  /** The image, once from beginning to end, with few files open at a time. Throws for one that has changed. */
  pieces(): AsyncGenerator<Blob> {
    return imageInPieces(this.#parts, (source) => this.#open(source));
  }

  slice(from: number, to: number): Promise<Blob> {
    return imageSlice(this.#parts, (source) => this.#open(source), from, to);
  }

  /** The image as a whole. The files of the tree are open. */
  compose(signal: AbortSignal): Promise<Blob> {
    return composeImage(this.#parts, (source) => openFileOf(this.#tree, source), new Slicer(signal));
  }

  /** Looks whether files that are not open are what was planned, without opening them. Throws for one that is not. */
  async check(signal: AbortSignal, onChecked?: OnChecked): Promise<void> {
    const all = this.#sources();
    let at = 0;
    let checked = 0;
    await inParallel(
      () => all[at++],
      CHECKED_AT_ONCE,
      async (source) => {
        signal.throwIfAborted();
        const content = contentOf(this.#tree, source);
        if (content instanceof UnopenedFile) {
          await content.check().catch(() => this.#changed(source));
        }
        checked += 1;
        if (checked % REPORT_EVERY === 0) {
          onChecked?.(checked, all.length);
        }
      },
    );
  }

  /** Path of a file that can no longer be read, those around byte `near` first; `null` when all can. */
  async findUnreadable(near: number | null, signal?: AbortSignal): Promise<string | null> {
    const close = near === null ? [] : sourcesBetween(this.#parts, near - NEAR, near + NEAR);
    const open = (source: number) => this.#open(source);
    const bad = (await firstUnreadable(close, open, signal)) ?? (await this.firstUnreadable(signal));
    return bad === null ? null : this.pathOf(bad);
  }

  /** Number of the first file that cannot be read. Looks at every file. */
  firstUnreadable(signal?: AbortSignal, onChecked?: OnChecked): Promise<number | null> {
    const all = this.#sources();
    return firstUnreadable(
      all,
      (source) => this.#open(source),
      signal,
      (checked) => onChecked?.(checked, all.length),
    );
  }

  pathOf(source: number): string {
    return sourcePath(this.#tree, source);
  }

  /** Numbers of all files and streams: of those without a byte in the image, too, which may have some by now. */
  #sources(): number[] {
    const { nodes, streams } = this.#tree;
    const all = Array.from({ length: nodes.length + streams.length }, (_, source) => source);
    return all.filter((source) => contentOf(this.#tree, source) !== null);
  }

  async #open(source: number): Promise<File> {
    const content = contentOf(this.#tree, source);
    return content instanceof UnopenedFile
      ? content.openOnce().catch(() => this.#changed(source))
      : openFileOf(this.#tree, source);
  }

  #changed(source: number): never {
    throw new ChangedContentError(this.pathOf(source));
  }
}

function openFileOf(tree: EncodedTree, source: number): File {
  const file = openedContent(contentOf(tree, source));
  if (file === null) {
    // All were opened before: this one is still to be found again.
    throw new ChangedContentError(sourcePath(tree, source));
  }
  return file;
}
