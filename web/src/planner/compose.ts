import { inParallel } from '../schedule/parallel.ts';
import { Slicer } from '../schedule/slicer.ts';
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
/** So many files are open while an image is read from beginning to end, and as many more are being opened. */
const OPEN_FILES = 256;
/** Files opened together. */
const OPENED_AT_ONCE = 32;

/** Bytes of a file. */
interface FilePiece {
  source: number;
  start: number;
  length: number;
}

/** What an image consists of: bytes of files, zeros, and metadata that is there already. */
type Piece = FilePiece | { zeros: number } | Blob;

function isOfFile(piece: Piece): piece is FilePiece {
  return 'source' in piece;
}

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

function* piecesOf(parts: ImageParts): Generator<Piece> {
  const { kinds, sources, starts, lengths } = parts.segments;
  const metadata = new MetadataReader(parts.metadata);
  for (let i = 0; i < kinds.length; i += 1) {
    const length = lengths[i] ?? 0;
    if (kinds[i] === SEGMENT_FILE) {
      yield { source: sources[i] ?? 0, start: starts[i] ?? 0, length };
    } else if (kinds[i] === SEGMENT_METADATA) {
      yield* metadata.take(length);
    } else {
      yield { zeros: length };
    }
  }
}

function blobParts(piece: Piece, fileOf: (source: number) => File, zeros: Zeros): Iterable<BlobPart> {
  if (isOfFile(piece)) {
    const { source, start, length } = piece;
    const file = fileOf(source);
    return [start === 0 && length === file.size ? file : file.slice(start, start + length)];
  }
  return piece instanceof Blob ? [piece] : zeros.take(piece.zeros);
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
  const groups = await inGroups(piecesOf(parts), fileOf, slicer);
  return new Blob(await nest(groups, slicer), { type: 'application/x-iso9660-image' });
}

/** The bytes of pieces, in Blobs of few parts each. */
async function inGroups(
  pieces: Iterable<Piece>,
  fileOf: (source: number) => File,
  slicer: Slicer,
): Promise<Blob[]> {
  const zeros = new Zeros();
  const groups: Blob[] = [];
  let group: BlobPart[] = [];
  for (const piece of pieces) {
    group.push(...blobParts(piece, fileOf, zeros));
    if (group.length >= GROUP) {
      groups.push(new Blob(group));
      group = [];
    }
    if (slicer.due) {
      await slicer.turn();
    }
  }
  groups.push(new Blob(group));
  return groups;
}

/**
 * The image from beginning to end in Blobs over few files each: no more are open at a time, however many it has.
 * `open` rejects for a file that is no longer what was planned.
 */
export async function* imageInPieces(
  parts: ImageParts,
  open: (source: number) => Promise<File>,
  most = OPEN_FILES,
): AsyncGenerator<Blob> {
  const runs = runsOf(parts, most);
  const next = (): Promise<Blob> | null => {
    const run = runs.next();
    if (run.done === true) {
      return null;
    }
    const opened = openRun(run.value, open);
    // Whoever takes it hears of what went wrong, later.
    opened.catch(() => undefined);
    return opened;
  };
  for (let coming = next(); coming !== null;) {
    const blob = await coming;
    coming = next();
    yield blob;
  }
}

/** The bytes of the image in `[from, to)`; only their files are opened. */
export function imageSlice(
  parts: ImageParts,
  open: (source: number) => Promise<File>,
  from: number,
  to: number,
): Promise<Blob> {
  const run: Piece[] = [];
  let start = 0;
  for (const piece of piecesOf(parts)) {
    const end = start + lengthOf(piece);
    if (start >= to) {
      break;
    }
    if (end > from) {
      run.push(cut(piece, Math.max(0, from - start), Math.min(end, to) - start));
    }
    start = end;
  }
  return openRun(run, open);
}

function lengthOf(piece: Piece): number {
  return isOfFile(piece) ? piece.length : piece instanceof Blob ? piece.size : piece.zeros;
}

/** The bytes of a piece in `[from, to)` of it. */
function cut(piece: Piece, from: number, to: number): Piece {
  if (isOfFile(piece)) {
    return { source: piece.source, start: piece.start + from, length: to - from };
  }
  return piece instanceof Blob ? piece.slice(from, to) : { zeros: to - from };
}

/** The pieces in runs of at most so many files. */
function* runsOf(parts: ImageParts, most: number): Generator<Piece[]> {
  let run: Piece[] = [];
  let files = 0;
  for (const piece of piecesOf(parts)) {
    if (isOfFile(piece) && (files += 1) > most) {
      yield run;
      run = [];
      files = 1;
    }
    run.push(piece);
  }
  yield run;
}

async function openRun(run: readonly Piece[], open: (source: number) => Promise<File>): Promise<Blob> {
  const sources = new Set(run.filter(isOfFile).map(({ source }) => source));
  const files = new Map<number, File>();
  const waiting = sources.values();
  await inParallel(
    () => waiting.next().value,
    OPENED_AT_ONCE,
    async (source) => {
      files.set(source, await open(source));
    },
  );
  const fileOf = (source: number): File => {
    const file = files.get(source);
    if (file === undefined) {
      throw new Error(`file ${source} is not open`);
    }
    return file;
  };
  const slicer = new Slicer();
  return new Blob(await nest(await inGroups(run, fileOf, slicer), slicer));
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
