import type { Slicer } from '../schedule/slicer.ts';
import { SEGMENT_FILE, SEGMENT_METADATA, type ImageParts } from './messages.ts';

/**
 * Parts per inner Blob. Every Blob that is part of another costs the browser a message between processes, and
 * a few dozen at a time are both quickest in all (measured with 10,000 files) and over within a slice.
 */
const GROUP = 64;
/** Gaps longer than this are made of shared Blobs. */
const ZERO_BYTES = 1024 * 1024;
/** Padding goes in as bytes, which is twenty times quicker than as Blobs, until it is this much altogether. */
const PADDING_BUDGET = 128 * 1024 * 1024;
const BLOCK_SIZE = 2048;

/** Zeros of any length. */
class Zeros {
  readonly #padding = new Uint8Array(BLOCK_SIZE);
  readonly #block = new Blob([new Uint8Array(ZERO_BYTES)]);
  readonly #byLength = new Map<number, Blob>();
  #budget = PADDING_BUDGET;

  *take(length: number): Generator<BlobPart> {
    if (length <= BLOCK_SIZE && length <= this.#budget) {
      this.#budget -= length;
      yield this.#padding.subarray(0, length);
      return;
    }
    for (let left = length; left > 0; left -= ZERO_BYTES) {
      yield this.#piece(Math.min(left, ZERO_BYTES));
    }
  }

  #piece(length: number): Blob {
    let piece = this.#byLength.get(length);
    if (piece === undefined) {
      piece = this.#block.slice(0, length);
      this.#byLength.set(length, piece);
    }
    return piece;
  }
}

/** Hands out the metadata in the order of its segments, whatever the chunks' borders. */
class MetadataReader {
  readonly #chunks: readonly Blob[];
  #chunk = 0;
  #offset = 0;

  constructor(chunks: readonly Blob[]) {
    this.#chunks = chunks;
  }

  *take(length: number): Generator<Blob> {
    for (let left = length; left > 0;) {
      const chunk = this.#chunks[this.#chunk];
      if (chunk === undefined) {
        throw new Error('the planner gave less metadata than its segments need');
      }
      const size = Math.min(left, chunk.size - this.#offset);
      yield size === chunk.size ? chunk : chunk.slice(this.#offset, this.#offset + size);
      left -= size;
      this.#offset += size;
      if (this.#offset === chunk.size) {
        this.#chunk += 1;
        this.#offset = 0;
      }
    }
  }
}

function filePart(file: File, start: number, length: number): Blob {
  return start === 0 && length === file.size ? file : file.slice(start, start + length);
}

/**
 * Puts the image together as one Blob whose file parts are the user's own files: nothing is read and
 * nothing is copied. Built from inner Blobs in slices, so that 100,000 files do not hold up the page.
 */
export async function composeImage(
  parts: ImageParts,
  fileOf: (source: number) => File,
  slicer: Slicer,
): Promise<Blob> {
  const { kinds, sources, starts, lengths } = parts.segments;
  const zeros = new Zeros();
  const metadata = new MetadataReader(parts.metadata);
  const groups: Blob[] = [];
  let group: BlobPart[] = [];
  for (let i = 0; i < kinds.length; i += 1) {
    const length = lengths[i] ?? 0;
    if (kinds[i] === SEGMENT_FILE) {
      group.push(filePart(fileOf(sources[i] ?? 0), starts[i] ?? 0, length));
    } else {
      group.push(...(kinds[i] === SEGMENT_METADATA ? metadata.take(length) : zeros.take(length)));
    }
    if (group.length >= GROUP) {
      groups.push(new Blob(group));
      group = [];
    }
    if (slicer.due) {
      await slicer.turn();
    }
  }
  groups.push(new Blob(group));
  return new Blob(await nest(groups, slicer), { type: 'application/x-iso9660-image' });
}

/** Puts Blobs into Blobs until they are few enough for one more to hold them all within a slice. */
async function nest(blobs: Blob[], slicer: Slicer): Promise<Blob[]> {
  let level = blobs;
  while (level.length > GROUP) {
    const above: Blob[] = [];
    for (let at = 0; at < level.length; at += GROUP) {
      above.push(new Blob(level.slice(at, at + GROUP)));
      if (slicer.due) {
        await slicer.turn();
      }
    }
    level = above;
  }
  return level;
}

/** Numbers of the files whose bytes lie in `[from, to)` of the image, to find the one that could not be read. */
export function sourcesBetween(parts: ImageParts, from: number, to: number): number[] {
  const { kinds, sources, lengths } = parts.segments;
  const found: number[] = [];
  let start = 0;
  for (let i = 0; i < kinds.length && start < to; i += 1) {
    const end = start + (lengths[i] ?? 0);
    if (kinds[i] === SEGMENT_FILE && end > from) {
      found.push(sources[i] ?? 0);
    }
    start = end;
  }
  return found;
}
