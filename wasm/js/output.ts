import { roomFor, streamOf } from './source.ts';

/** How bytes are read out. */
export interface OutputOptions {
  /** Ends the work: what it made so far is discarded. */
  signal?: AbortSignal;
  /** Told of every piece: how many bytes have left, and how many there are. */
  onProgress?: (progress: { bytes: number; size: number }) => void;
}

/** Bytes whose number is known, and that are made when they are asked for. */
export abstract class Output {
  /** How many bytes there are. */
  abstract get size(): number;
  /** @internal */
  protected abstract pieces(): AsyncIterable<Uint8Array>;
  /** All bytes as a Blob of what was given, of which nothing is copied. */
  abstract blob(options?: Pick<OutputOptions, 'signal'>): Promise<Blob>;

  /** A stream, of which no more than a megabyte is in memory at a time. */
  stream(options: OutputOptions = {}): ReadableStream<Uint8Array> {
    return streamOf(this.chunks(options));
  }

  /** All bytes in memory. */
  async bytes(options: OutputOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = roomFor(this.size);
    let done = 0;
    for await (const chunk of this.chunks(options)) {
      bytes.set(chunk, done);
      done += chunk.length;
    }
    return bytes;
  }

  /** The bytes in their order, for loops. */
  async *chunks({ signal, onProgress }: OutputOptions = {}): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    signal?.throwIfAborted();
    for await (const chunk of this.pieces()) {
      yield chunk;
      signal?.throwIfAborted();
      bytes += chunk.length;
      onProgress?.({ bytes, size: this.size });
    }
  }
}
