import { ImageReader, type EntryList, type ReadEntry, type ReadVolume } from '../pkg/image_reader.js';
import { Blocks } from './blocks.ts';
import { NestedParts } from './compose.ts';
import { ImageError } from './error.ts';
import { Output, type OutputOptions } from './output.ts';
import { blobOf, CHUNK, exactly, type Source } from './source.ts';

/** A file system that an image can have. */
export type FileSystem = 'udf' | 'rockRidge' | 'joliet' | 'enhanced' | 'iso9660';

/** How an image is opened. */
export interface OpenOptions {
  /** The block that the session begins with, for discs of several. Default 0. */
  session?: number;
}

/** Which contents are meant. */
export interface ViewOptions {
  /** As which file system has it. Default: the first of `fileSystems` that can be read. */
  fileSystem?: FileSystem;
}

/** What of an image is listed. */
export interface ListOptions extends ViewOptions {
  /** The directory. Default: the root. */
  path?: string;
  /** Whether what is in its directories is listed too. Default true. */
  recursive?: boolean;
  /** Ends the list. */
  signal?: AbortSignal;
}

/** An entry in its list, for as long as that is not freed. */
interface Place {
  list: EntryList;
  index: number;
}

/** A file of an image. */
export class ReadFile extends Output {
  /** What the file system says of it. */
  readonly entry: ReadEntry;
  readonly #content: ExtentSource;

  /** @internal */
  constructor(entry: ReadEntry, content: ExtentSource) {
    super();
    this.entry = entry;
    this.#content = content;
  }

  override get size(): number {
    return this.entry.size;
  }

  /** @internal */
  protected override pieces(): AsyncIterable<Uint8Array> {
    return exactly(this.#content, 0, this.size, this.entry.path);
  }

  override blob(_options?: Pick<OutputOptions, 'signal'>): Promise<Blob> {
    return blobOf(this.#content, this.entry.path);
  }
}

/** An image that is open for reading. Every question reads what it needs; contents are read when they are asked for. */
export class OpenedImage<File extends ReadFile = ReadFile> {
  /** The file systems there are, the one that tells most of a file first. */
  readonly fileSystems: readonly FileSystem[];
  readonly #reader: ImageReader;
  readonly #blocks: Blocks;
  readonly #source: Source;
  readonly #file: new (entry: ReadEntry, content: ExtentSource) => File;

  private constructor(
    reader: ImageReader,
    blocks: Blocks,
    source: Source,
    file: new (entry: ReadEntry, content: ExtentSource) => File,
  ) {
    this.#reader = reader;
    this.#blocks = blocks;
    this.#source = source;
    this.#file = file;
    this.fileSystems = reader.fileSystems() as FileSystem[];
  }

  /** @internal */
  static async open<File extends ReadFile>(
    source: Source,
    { session = 0 }: OpenOptions,
    file: new (entry: ReadEntry, content: ExtentSource) => File,
  ): Promise<OpenedImage<File>> {
    if (!Number.isInteger(session) || session < 0 || session > 0xffffffff) {
      throw new ImageError({
        kind: 'invalidOptions',
        message: `session is ${String(session)}: expected the number of a block`,
        hint: 'give the block that the session begins with',
      });
    }
    const blocks = new Blocks(source);
    const reader = await blocks.ask(() => new ImageReader(blocks.give, blocks.count, session));
    return new OpenedImage(reader, blocks, source, file);
  }

  /** Bytes of the image. */
  get size(): number {
    return this.#source.size;
  }

  /** Why a file system that is there cannot be read; `null` when it can. */
  problem(fileSystem: FileSystem): string | null {
    return this.#reader.problem(fileSystem) ?? null;
  }

  /** What a file system says of its volume; `null` when there is none. */
  volume(fileSystem: FileSystem = this.#best()): ReadVolume | null {
    return this.#reader.volume(fileSystem) ?? null;
  }

  /** The entries of a directory, each directory before what is in it. */
  async *list(options: ListOptions = {}): AsyncGenerator<ReadEntry> {
    const { path = '', recursive = true, signal } = options;
    const system = options.fileSystem ?? this.#best();
    const found = await this.#find(system, path);
    try {
      const seen = recursive ? new Set([found.extents(0)[0] ?? -1]) : null;
      yield* this.#listed(system, { list: found, index: 0 }, seen, signal);
    } finally {
      found.free();
    }
  }

  /** The entry at a path; `null` when there is none. */
  async find(path: string, { fileSystem }: ViewOptions = {}): Promise<ReadEntry | null> {
    const list = await this.#blocks.ask(() => this.#reader.find(fileSystem ?? this.#best(), path));
    const entry = list.entry(0) ?? null;
    list.free();
    return entry;
  }

  /** A file by its path, or with `stream` one of its named streams. */
  async extract(path: string, options: ViewOptions & { stream?: string } = {}): Promise<File> {
    const system = options.fileSystem ?? this.#best();
    let list = await this.#find(system, path);
    try {
      let index = 0;
      if (options.stream !== undefined) {
        const file = list;
        list = await this.#blocks.ask(() => this.#reader.streams(system, file, 0));
        file.free();
        index = entriesOf(list).findIndex((entry) => entry.path.split('/').at(-1) === options.stream);
      }
      const entry = index < 0 ? undefined : list.entry(index);
      if (entry === undefined) {
        throw notFound(`${path}:${options.stream ?? ''}`);
      }
      if (entry.kind !== 'file') {
        const hint = entry.target === undefined ? 'name a file' : `name what it points to: ${entry.target}`;
        throw new ImageError({
          kind: 'notAFile',
          path,
          message: `${path} is no file: it is a ${entry.kind}`,
          hint,
        });
      }
      return new this.#file(entry, new ExtentSource(this.#source, list.extents(index), entry.size));
    } finally {
      list.free();
    }
  }

  /** The names and lengths of the named streams of an entry. */
  async streams(path: string, { fileSystem }: ViewOptions = {}): Promise<{ name: string; size: number }[]> {
    const system = fileSystem ?? this.#best();
    const file = await this.#find(system, path);
    try {
      const list = await this.#blocks.ask(() => this.#reader.streams(system, file, 0));
      const streams = entriesOf(list).map(({ path: name, size }) => ({
        name: name.split('/').at(-1) ?? '',
        size,
      }));
      list.free();
      return streams;
    } finally {
      file.free();
    }
  }

  /** Gives memory back now, and not when the engine finds out. The image is of no use any more. */
  free(): void {
    this.#reader.free();
  }

  async *#listed(
    system: FileSystem,
    { list, index }: Place,
    seen: Set<number> | null,
    signal?: AbortSignal,
  ): AsyncGenerator<ReadEntry> {
    signal?.throwIfAborted();
    const children = await this.#blocks.ask(() => this.#reader.list(system, list, index));
    try {
      for (let child = 0; child < children.length; child += 1) {
        const entry = children.entry(child) as ReadEntry;
        yield entry;
        if (seen !== null && entry.kind === 'directory') {
          const [start] = children.extents(child);
          if (start !== undefined && seen.has(start)) {
            const message = `the directory ${entry.path} is met a second time`;
            throw new ImageError({ kind: 'loop', path: entry.path, message, hint: 'the image is damaged' });
          }
          seen.add(start ?? -1);
          if (start !== undefined) {
            yield* this.#listed(system, { list: children, index: child }, seen, signal);
          }
        }
      }
    } finally {
      children.free();
    }
  }

  async #find(system: FileSystem, path: string): Promise<EntryList> {
    const found = await this.#blocks.ask(() => this.#reader.find(system, path));
    if (found.length === 0) {
      found.free();
      throw notFound(path);
    }
    return found;
  }

  #best(): FileSystem {
    const best = this.fileSystems.find((system) => this.problem(system) === null);
    if (best === undefined) {
      const [first] = this.fileSystems;
      const why = first === undefined ? '' : `: ${this.problem(first) ?? ''}`;
      throw new ImageError({
        kind: 'noFileSystem',
        message: `the image has no file system that can be read${why}`,
        hint: 'see whether it is the image of a data disc, and complete',
      });
    }
    return best;
  }
}

function entriesOf(list: EntryList): ReadEntry[] {
  return Array.from({ length: list.length }, (_, index) => list.entry(index) as ReadEntry);
}

function notFound(path: string): ImageError {
  return new ImageError({
    kind: 'notFound',
    path,
    message: `${path} is not in the image`,
    hint: 'names differ from file system to file system: list() has them',
  });
}

/** The content of a file: runs of the image, and zeros. */
export class ExtentSource implements Source {
  readonly size: number;
  readonly #image: Source;
  /** Pairs of an offset in the image, -1 for zeros, and a length. */
  readonly #extents: Float64Array;

  constructor(image: Source, extents: Float64Array, size: number) {
    this.#image = image;
    this.#extents = extents;
    this.size = size;
  }

  async *read(start: number, length: number): AsyncGenerator<Uint8Array> {
    for (const { offset, length: bytes } of this.#parts(start, length)) {
      if (offset >= 0) {
        yield* this.#image.read(offset, bytes);
      } else {
        for (let done = 0; done < bytes; done += CHUNK) {
          yield new Uint8Array(Math.min(CHUNK, bytes - done));
        }
      }
    }
  }

  async blob(): Promise<Blob> {
    const image = await this.#image.blob();
    const zeros = new Blob([new Uint8Array(CHUNK)]);
    const parts = new NestedParts();
    for (const { offset, length } of this.#parts(0, this.size)) {
      if (offset >= 0) {
        parts.add(image.slice(offset, offset + length));
      } else {
        for (let done = 0; done < length; done += CHUNK) {
          parts.add(zeros.slice(0, Math.min(CHUNK, length - done)));
        }
      }
    }
    return parts.blob('');
  }

  *#parts(start: number, length: number): Generator<{ offset: number; length: number }> {
    let before = 0;
    for (let i = 0; i < this.#extents.length; i += 2) {
      const offset = this.#extents[i] ?? -1;
      const bytes = this.#extents[i + 1] ?? 0;
      const from = Math.max(0, start - before);
      const to = Math.min(bytes, start + length - before);
      if (from < to) {
        yield { offset: offset < 0 ? -1 : offset + from, length: to - from };
      }
      before += bytes;
    }
  }
}
