import type { ImageNames, ImagePlan, ImageWarning } from '../pkg/image_wasm.js';
import { imageBlob, imageChunks, type NamedSource } from './compose.ts';
import { relative, type Planned } from './entries.ts';
import { checked, ImageError } from './error.ts';
import { Output, type OutputOptions } from './output.ts';

/** An image that is planned: its size is known, and its bytes are made when they are asked for. */
export class DiscImage extends Output {
  readonly #plan: ImagePlan;
  readonly #entries: readonly Planned[];
  readonly #streams: readonly NamedSource[];
  #indices: Map<string, number> | null = null;

  /** @internal */
  constructor(plan: ImagePlan, entries: readonly Planned[]) {
    super();
    this.#plan = plan;
    this.#entries = entries;
    this.#streams = entries.flatMap(({ path, streams }) =>
      streams.map(([name, source]) => ({ path: `${path}:${name}`, source })),
    );
  }

  /** Bytes of the image. */
  override get size(): number {
    return this.#plan.sizeBytes;
  }

  /** Blocks of 2048 bytes of the image. */
  get blocks(): number {
    return this.#plan.sizeBlocks;
  }

  /** What one should know of the image before it is written. */
  warnings(): ImageWarning[] {
    return checked(() => this.#plan.warnings());
  }

  /** What each file system calls the entry that was given under a path. */
  names(path: string): ImageNames {
    const [names] = checked(() => this.#plan.names(this.#indexOf(path), 1));
    return names ?? { changes: [] };
  }

  /** What each file system calls the volume. */
  volumeNames(): ImageNames {
    return checked(() => this.#plan.volumeNames());
  }

  /** The blocks with the bytes of an entry; `null` for what has none. */
  blocksOf(path: string): { start: number; count: number } | null {
    const found = this.#plan.blocksOf(this.#indexOf(path));
    return found === undefined ? null : { start: found[0], count: found[1] };
  }

  /** The paths of the entries with bytes in a block. */
  filesAt(block: number): string[] {
    return Array.from(this.#plan.entriesAt(block), (index) => this.#entries[index]?.path ?? '');
  }

  /** The image as a Blob: metadata, and slices of the Blobs and files that were given. Nothing of these is copied. */
  override blob({ signal }: Pick<OutputOptions, 'signal'> = {}): Promise<Blob> {
    return imageBlob(this.#plan, this.#fileOf, signal);
  }

  /** @internal */
  protected override pieces(): AsyncIterable<Uint8Array> {
    return imageChunks(this.#plan, this.#fileOf);
  }

  /** Gives the memory of the plan back now, and not when the engine finds out. The image is of no use any more. */
  free(): void {
    this.#plan.free();
  }

  readonly #fileOf = (index: number): NamedSource => {
    const entry = this.#entries[index];
    if (entry === undefined) {
      return this.#streams[index - this.#entries.length] as NamedSource;
    }
    if (entry.source === undefined) {
      throw new TypeError(`${entry.path} has no content`);
    }
    return { path: entry.path, source: entry.source };
  };

  #indexOf(path: string): number {
    this.#indices ??= new Map(this.#entries.map((entry, index) => [relative(entry.path), index]));
    const index = this.#indices.get(relative(path));
    if (index === undefined) {
      throw new ImageError({
        kind: 'notFound',
        path,
        message: `${path} is not in the image`,
        hint: 'name it as it was given',
      });
    }
    return index;
  }
}
