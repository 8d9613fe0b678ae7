import { ImageError } from './error.ts';

/** Where bytes come from. Their number is known before they are read. */
export interface Source {
  readonly size: number;
  /** Bytes from `start` on: `length` of them, or as many as there are. */
  read(start: number, length: number): AsyncIterable<Uint8Array>;
  /** All bytes as a Blob, without a copy where that can be. */
  blob(): Promise<Blob>;
  /** The same as `read`, at once; only what can do so has it. */
  readNow?(start: number, length: number): Uint8Array;
}

/** Bytes that come one after the other. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** What the content of a file can be. Text is UTF-8. */
export type Content = string | Blob | ArrayBuffer | ArrayBufferView | StreamContent;

/** A stream and its length in bytes, which the image needs to know before. */
export interface StreamContent {
  /** The stream, or a function that opens it, so that the image can be made more than once. */
  stream: ByteStream | (() => ByteStream | Promise<ByteStream>);
  size: number;
}

/** Bytes that leave in one piece. */
export const CHUNK = 1 << 20;

/** The chunks of a stream, which is cancelled when not all are wanted. */
export async function* chunksOf(stream: ByteStream): AsyncGenerator<Uint8Array> {
  if (!(stream instanceof ReadableStream)) {
    yield* stream;
    return;
  }
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    if (!ended) {
      await reader.cancel().catch(() => undefined);
    }
  }
}

/** A stream that asks for the next chunk only when it is wanted. */
export function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done === true) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Memory for so many bytes, of which there may be more than fit into it at once. */
export function roomFor(size: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(size);
  } catch (cause) {
    const message = `${size} bytes do not fit into memory at once`;
    const hint = 'read it as a stream or a Blob, or write it to a file';
    throw new ImageError({ kind: 'outOfMemory', message, hint }, { cause });
  }
}

/** All bytes of a source of which it says truly how many there are. */
export async function bytesOf(source: Source, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = roomFor(source.size);
  let done = 0;
  for await (const chunk of exactly(source, 0, source.size, path)) {
    bytes.set(chunk, done);
    done += chunk.length;
  }
  return bytes;
}

/** The bytes of a part of a source; one that is shorter or longer than it said is refused by its path. */
export async function* exactly(
  source: Source,
  start: number,
  length: number,
  path: string,
): AsyncGenerator<Uint8Array> {
  let left = length;
  try {
    for await (const chunk of source.read(start, length)) {
      if (chunk.length > left) {
        throw wrongSize('sourceTooLong', path, source.size, 'more');
      }
      left -= chunk.length;
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof ImageError ? named(cause, path) : unreadable(path, cause);
  }
  if (left > 0) {
    throw wrongSize('sourceTooShort', path, source.size, `${left} bytes less`);
  }
}

/** The Blob of a source, which has as many bytes as it said. */
export async function blobOf(source: Source, path: string): Promise<Blob> {
  let blob: Blob;
  try {
    blob = await source.blob();
  } catch (cause) {
    throw cause instanceof ImageError ? named(cause, path) : unreadable(path, cause);
  }
  const less = source.size - blob.size;
  if (less < 0) {
    throw wrongSize('sourceTooLong', path, source.size, 'more');
  }
  if (less > 0) {
    throw wrongSize('sourceTooShort', path, source.size, `${less} bytes less`);
  }
  return blob;
}

function wrongSize(kind: string, path: string, size: number, found: string): ImageError {
  const message = `${path} was said to have ${size} bytes, and has ${found}`;
  return new ImageError({ kind, path, message, hint: 'give the size that it has when it is read' });
}

function unreadable(path: string, cause: unknown): unknown {
  if (cause instanceof Error && cause.name === 'AbortError') {
    return cause;
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ImageError(
    {
      kind: 'unreadable',
      path,
      message: `${path} cannot be read: ${why}`,
      hint: 'see whether it has changed or is gone',
    },
    { cause },
  );
}

function named(error: ImageError, path: string): ImageError {
  const { kind, message, hint } = error;
  if (error.path !== undefined) {
    return error;
  }
  const failure = { kind, path, message: `${path}: ${message}` };
  return new ImageError(hint === undefined ? failure : { ...failure, hint }, { cause: error.cause });
}

/** Bytes in memory. */
export class MemorySource implements Source {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array) {
    // Bytes that threads share can neither be in a Blob nor be relied on.
    this.bytes = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
  }

  get size(): number {
    return this.bytes.length;
  }

  async *read(start: number, length: number): AsyncGenerator<Uint8Array> {
    const end = Math.min(start + length, this.size);
    for (let at = start; at < end; at += CHUNK) {
      yield this.bytes.subarray(at, Math.min(at + CHUNK, end));
    }
  }

  readNow(start: number, length: number): Uint8Array {
    return this.bytes.subarray(start, start + length);
  }

  async blob(): Promise<Blob> {
    return new Blob([this.bytes]);
  }
}

/** A Blob or a File, read where it lies. */
export class BlobSource implements Source {
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  get size(): number {
    return this.#blob.size;
  }

  read(start: number, length: number): AsyncIterable<Uint8Array> {
    return chunksOf(this.#blob.slice(start, start + length).stream());
  }

  async blob(): Promise<Blob> {
    return this.#blob;
  }
}

/** A stream, which is read from its beginning to its end. */
class StreamSource implements Source {
  readonly size: number;
  #stream: StreamContent['stream'] | null;

  constructor({ stream, size }: StreamContent) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new ImageError({
        kind: 'sizeNeeded',
        message: `the size of a stream is ${String(size)}: expected the number of its bytes`,
        hint: 'write { stream, size } with the number of bytes that the stream has',
      });
    }
    this.size = size;
    this.#stream = stream;
  }

  async *read(start: number, _length: number): AsyncGenerator<Uint8Array> {
    const given = this.#stream;
    if (given === null || start !== 0) {
      throw new ImageError({
        kind: 'streamUsed',
        message: 'a stream can be read once, and has been',
        hint: 'give a function that opens it: { stream: () => …, size }',
      });
    }
    if (typeof given === 'function') {
      yield* chunksOf(await given());
    } else {
      this.#stream = null;
      yield* chunksOf(given);
    }
  }

  async blob(): Promise<Blob> {
    const chunks: BlobPart[] = [];
    for await (const chunk of this.read(0, this.size)) {
      chunks.push(chunk.slice());
    }
    return new Blob(chunks);
  }
}

/** The source of what was given as content. `null` for what is no content. */
export function sourceOf(content: unknown): Source | null {
  if (typeof content === 'string') {
    return new MemorySource(new TextEncoder().encode(content));
  }
  if (content instanceof Blob) {
    return new BlobSource(content);
  }
  if (content instanceof ArrayBuffer) {
    return new MemorySource(new Uint8Array(content));
  }
  if (ArrayBuffer.isView(content)) {
    return new MemorySource(new Uint8Array(content.buffer, content.byteOffset, content.byteLength));
  }
  if (typeof content === 'object' && content !== null) {
    if (content instanceof ReadableStream || Symbol.asyncIterator in content) {
      throw new ImageError({
        kind: 'sizeNeeded',
        message: 'it is a stream, whose size is not known',
        hint: 'write { stream, size } with the number of bytes that the stream has',
      });
    }
    if ('stream' in content) {
      return new StreamSource(content as StreamContent);
    }
  }
  return null;
}
