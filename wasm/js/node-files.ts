/** Files and folders of this machine, in Node. */
import { closeSync, fstatSync, openAsBlob, openSync, readSync, type Stats } from 'node:fs';
import {
  lstat,
  open,
  readdir,
  readlink,
  rename,
  stat,
  unlink,
  writeFile as writeAll,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Attributes, Planned } from './entries.ts';
import { ImageError } from './error.ts';
import { CHUNK, type Source } from './source.ts';

/** A file or folder of this machine, with all that is in it. A link that is named is followed; those within stay links. */
export interface LocalEntry extends Attributes {
  /** Where it is. */
  path: string | URL;
  /** Record users and groups too. Default false. */
  owners?: boolean;
}

/** A file, read where it lies. */
export class FileSource implements Source {
  readonly #path: string;
  readonly #modified: number;
  readonly size: number;

  /** A file as it was when it was looked at: what has changed since is not read. */
  constructor(path: string, { size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>) {
    this.#path = path;
    this.#modified = mtimeMs;
    this.size = size;
  }

  async *read(start: number, length: number): AsyncGenerator<Uint8Array> {
    const file = await open(this.#path);
    try {
      this.#check(await file.stat());
      const end = start + length;
      for (let at = start; at < end;) {
        const buffer = new Uint8Array(Math.min(CHUNK, end - at));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) {
          return;
        }
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  }

  readNow(start: number, length: number): Uint8Array {
    const file = openSync(this.#path, 'r');
    try {
      this.#check(fstatSync(file));
      const buffer = new Uint8Array(length);
      return buffer.subarray(0, readSync(file, buffer, 0, length, start));
    } finally {
      closeSync(file);
    }
  }

  async blob(): Promise<Blob> {
    this.#check(await stat(this.#path));
    return openAsBlob(this.#path);
  }

  /** A file that became shorter is told when its bytes are missing. */
  #check({ size, mtimeMs }: Stats): void {
    if (size > this.size) {
      throw new ImageError({
        kind: 'sourceTooLong',
        message: `${this.#path} was said to have ${this.size} bytes, and has ${size}`,
        hint: 'plan the image again: the file has grown',
      });
    }
    if (size === this.size && mtimeMs !== this.#modified) {
      throw new ImageError({
        kind: 'unreadable',
        message: `${this.#path} has changed`,
        hint: 'plan the image again, and leave the file alone until it is made',
      });
    }
  }
}

/** The file or folder that was given for a path of the image; `null` for what is none. */
export function local(target: string, input: unknown): AsyncIterable<Planned> | null {
  if (input instanceof URL) {
    return named(target, fileURLToPath(input), {});
  }
  if (typeof input === 'object' && input !== null && 'path' in input) {
    const { path, ...rest } = input as LocalEntry;
    return named(target, path instanceof URL ? fileURLToPath(path) : path, rest);
  }
  return null;
}

type Given = Omit<LocalEntry, 'path'>;

async function* named(target: string, path: string, { owners, ...given }: Given): AsyncGenerator<Planned> {
  for await (const entry of walk(target.replace(/^\/+|\/+$/g, ''), path, owners === true, true)) {
    yield { ...entry, attributes: { ...entry.attributes, ...given } };
  }
}

async function* walk(
  target: string,
  path: string,
  owners: boolean,
  follow: boolean,
): AsyncGenerator<Planned> {
  const status = await seen(target, path, follow ? stat(path) : lstat(path));
  const attributes: Attributes = { modified: Math.floor(status.mtimeMs), mode: status.mode & 0o7777 };
  if (owners) {
    attributes.uid = status.uid;
    attributes.gid = status.gid;
  }
  const entry = { path: target, attributes, streams: [] };
  if (status.isFile()) {
    yield { ...entry, kind: 'file', source: new FileSource(path, status) };
  } else if (status.isSymbolicLink()) {
    yield { ...entry, kind: 'symlink', target: await seen(target, path, readlink(path)) };
  } else if (status.isFIFO() || status.isSocket()) {
    yield { ...entry, kind: status.isFIFO() ? 'fifo' : 'socket' };
  } else if (status.isDirectory()) {
    yield { ...entry, kind: 'directory' };
    for (const name of (await seen(target, path, readdir(path))).sort()) {
      yield* walk(target === '' ? name : `${target}/${name}`, join(path, name), owners, false);
    }
  } else {
    const message = `${path} is a device, whose content is no file's`;
    throw new ImageError({
      kind: 'invalidContent',
      path: target,
      message,
      hint: 'leave it out, or give { special }',
    });
  }
}

/** What the system says of a path; a refusal names it. */
async function seen<T>(target: string, path: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const message = `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ImageError(
      { kind: 'unreadable', path: target, message, hint: 'see whether it is there and may be read' },
      { cause },
    );
  }
}

/** Writes a file under a temporary name beside it, which it takes when all is there. Nothing is left of one that fails. */
export async function writeFile(path: string | URL, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const final = path instanceof URL ? fileURLToPath(path) : path;
  const temporary = `${final}.${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeAll(file, gathered(chunks));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, final);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    if (cause instanceof Error && 'syscall' in cause) {
      const message = `${final} cannot be written: ${cause.message}`;
      throw new ImageError(
        { kind: 'notWritten', path: final, message, hint: 'see whether the folder is there, and has room' },
        { cause },
      );
    }
    throw cause;
  }
}

/** Small chunks in larger ones, which cost fewer calls. */
async function* gathered(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(CHUNK);
  let filled = 0;
  for await (const chunk of chunks) {
    if (filled + chunk.length > CHUNK && filled > 0) {
      yield buffer.subarray(0, filled);
      buffer = new Uint8Array(CHUNK);
      filled = 0;
    }
    if (chunk.length >= CHUNK) {
      yield chunk;
    } else {
      buffer.set(chunk, filled);
      filled += chunk.length;
    }
  }
  yield buffer.subarray(0, filled);
}
