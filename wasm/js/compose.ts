import type { ImagePlan } from '../pkg/image_wasm.js';
import { blobOf, CHUNK, exactly, type Source } from './source.ts';

/** Bytes of a block. */
export const BLOCK = 2048;
/** Parts of a Blob: a browser is quickest with a few dozen of them, in as many levels as it takes. */
const GROUP = 64;

/** A source and the path it is told by. */
export interface NamedSource {
  path: string;
  source: Source;
}

/** A piece of an image. */
type Piece =
  | { kind: 'metadata'; block: number; length: number }
  | { kind: 'file'; file: NamedSource; start: number; length: number }
  | { kind: 'zeros'; length: number };

/** The pieces of an image, none of metadata or zeros longer than a chunk. */
function* piecesOf(plan: ImagePlan, fileOf: (source: number) => NamedSource): Generator<Piece> {
  const { kinds, sources, starts, lengths } = plan.segments();
  for (let i = 0; i < kinds.length; i += 1) {
    const start = starts[i] ?? 0;
    const length = lengths[i] ?? 0;
    if (kinds[i] === 1) {
      yield { kind: 'file', file: fileOf(sources[i] ?? 0), start, length };
      continue;
    }
    for (let done = 0; done < length; done += CHUNK) {
      const part = Math.min(CHUNK, length - done);
      yield kinds[i] === 0
        ? { kind: 'metadata', block: start + done / BLOCK, length: part }
        : { kind: 'zeros', length: part };
    }
  }
}

/** The bytes of an image in their order. No more than a chunk is held at a time. */
export async function* imageChunks(
  plan: ImagePlan,
  fileOf: (source: number) => NamedSource,
): AsyncGenerator<Uint8Array> {
  for (const piece of piecesOf(plan, fileOf)) {
    if (piece.kind === 'file') {
      yield* exactly(piece.file.source, piece.start, piece.length, piece.file.path);
    } else if (piece.kind === 'metadata') {
      yield plan.render(piece.block, piece.length / BLOCK);
    } else {
      yield new Uint8Array(piece.length);
    }
  }
}

/** The image as a Blob of rendered blocks and slices of what was given. */
export async function imageBlob(
  plan: ImagePlan,
  fileOf: (source: number) => NamedSource,
  signal?: AbortSignal,
): Promise<Blob> {
  const zeros = new Blob([new Uint8Array(CHUNK)]);
  const parts = new NestedParts();
  for (const piece of piecesOf(plan, fileOf)) {
    signal?.throwIfAborted();
    if (piece.kind === 'metadata') {
      parts.add(plan.render(piece.block, piece.length / BLOCK) as Uint8Array<ArrayBuffer>);
    } else if (piece.kind === 'zeros') {
      parts.add(piece.length < BLOCK ? new Uint8Array(piece.length) : zeros.slice(0, piece.length));
    } else {
      const { source, path } = piece.file;
      const blob = await blobOf(source, path);
      const end = piece.start + piece.length;
      parts.add(piece.start === 0 && end === blob.size ? blob : blob.slice(piece.start, end));
    }
  }
  return parts.blob('application/x-iso9660-image');
}

/** Blobs in Blobs, so that none has very many parts. */
export class NestedParts {
  readonly #levels: BlobPart[][] = [[]];

  add(part: BlobPart): void {
    let level = 0;
    let full: BlobPart = part;
    for (;;) {
      const parts = (this.#levels[level] ??= []);
      parts.push(full);
      if (parts.length < GROUP) {
        return;
      }
      full = new Blob(parts);
      this.#levels[level] = [];
      level += 1;
    }
  }

  blob(type: string): Blob {
    return new Blob(this.#levels.reverse().flat(), { type });
  }
}
