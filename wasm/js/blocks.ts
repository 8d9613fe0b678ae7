import { asError, ImageError } from './error.ts';
import { BLOCK } from './compose.ts';
import { chunksOf, type Source } from './source.ts';

/** Blocks that are got together. */
const GROUP = 32;
/** Most groups that are got ahead of a question: 8 MiB. */
const AHEAD = 128;
/** Groups that are kept from question to question: 64 MiB. */
const KEPT = 1024;

/**
 * Blocks of an image for the readers, which ask for blocks and wait for none.
 *
 * A source that answers at once is asked at once. Of any other a block that is not here is refused, got, and the whole
 * question asked again: more is got ahead each time, so that a question is asked a few times and not once for each block.
 */
export class Blocks {
  readonly #source: Source;
  readonly #groups = new Map<number, Uint8Array>();
  #missing: number | null = null;
  #failure: unknown = null;

  constructor(source: Source) {
    this.#source = source;
  }

  /** How many whole blocks there are. */
  get count(): number {
    return Math.min(Math.floor(this.#source.size / BLOCK), 0xffffffff);
  }

  /** Gives blocks, or refuses them with `undefined`. */
  readonly give = (lba: number, count: number): Uint8Array | undefined => {
    const first = Math.floor(lba / GROUP);
    const last = Math.floor((lba + count - 1) / GROUP);
    const bytes = new Uint8Array(count * BLOCK);
    for (let group = first; group <= last; group += 1) {
      const found = this.#groups.get(group) ?? this.#now(group);
      if (found === undefined) {
        this.#missing ??= group;
        return undefined;
      }
      const offset = (group * GROUP - lba) * BLOCK;
      const from = Math.max(0, -offset);
      bytes.set(found.subarray(from, from + bytes.length - Math.max(0, offset)), Math.max(0, offset));
    }
    return bytes;
  };

  /** Asks a question of the readers until all the blocks for its answer are here. */
  async ask<T>(question: () => T): Promise<T> {
    if (this.#groups.size > KEPT) {
      this.#groups.clear();
    }
    for (let ahead = 1; ; ahead = Math.min(ahead * 2, AHEAD)) {
      this.#missing = null;
      this.#failure = null;
      let answer: { value: T } | { thrown: unknown };
      try {
        answer = { value: question() };
      } catch (thrown) {
        answer = { thrown };
      }
      if (this.#missing !== null) {
        await this.#get(this.#missing, ahead);
        continue;
      }
      if (this.#failure !== null) {
        throw unreadable(this.#failure);
      }
      if ('thrown' in answer) {
        throw asError(answer.thrown);
      }
      return answer.value;
    }
  }

  #now(group: number): Uint8Array | undefined {
    const { readNow } = this.#source;
    if (readNow === undefined) {
      return undefined;
    }
    if (this.#groups.size > KEPT) {
      this.#groups.clear();
    }
    try {
      const start = group * GROUP * BLOCK;
      const bytes = readNow.call(this.#source, start, GROUP * BLOCK);
      if (bytes.length < Math.min(GROUP * BLOCK, this.#source.size - start)) {
        throw becameShorter();
      }
      this.#groups.set(group, bytes);
      return bytes;
    } catch (failure) {
      this.#failure = failure;
      throw failure;
    }
  }

  async #get(group: number, count: number): Promise<void> {
    const start = group * GROUP * BLOCK;
    const bytes = new Uint8Array(Math.max(0, Math.min(count * GROUP * BLOCK, this.#source.size - start)));
    let filled = 0;
    try {
      const read = this.#source.read(start, bytes.length);
      for await (const chunk of read instanceof ReadableStream ? chunksOf(read) : read) {
        bytes.set(chunk, filled);
        filled += chunk.length;
      }
    } catch (failure) {
      throw unreadable(failure);
    }
    if (filled < bytes.length) {
      throw unreadable(becameShorter());
    }
    for (let at = 0; at < Math.max(1, bytes.length); at += GROUP * BLOCK) {
      this.#groups.set(group + at / (GROUP * BLOCK), bytes.subarray(at, at + GROUP * BLOCK));
    }
  }
}

function becameShorter(): Error {
  return new Error('the image has become shorter');
}

function unreadable(cause: unknown): ImageError {
  const message = `the image cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new ImageError(
    { kind: 'unreadable', message, hint: 'see whether it has changed or is gone' },
    { cause },
  );
}
