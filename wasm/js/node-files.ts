/** Files and folders of this machine, in Node. */
import { closeSync, constants, fstatSync, openAsBlob, openSync, readSync, type Stats } from 'node:fs';
import {
  lstat,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  stat,
  unlink,
  writeFile as writeAll,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Attributes, Planned } from './entries.ts';
import { ImageError } from './error.ts';
import { CHUNK, type Source } from './source.ts';

/**
 * A file or folder of this machine, with all that is in it. A link that is named is followed; those within stay links. The
 * attributes of a folder are given to all in it; where `mode` lets a directory be read, it may be entered too.
 */
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
    const { mode } = given;
    const own =
      entry.kind === 'directory' && mode !== undefined ? { ...given, mode: enterable(mode) } : given;
    yield { ...entry, attributes: { ...entry.attributes, ...own } };
  }
}

/** Whoever may read a directory may enter it, as by chmod's X. What are no permissions is left to be refused. */
function enterable(mode: number): number {
  return mode === (mode & 0o7777) ? mode | ((mode & 0o444) >> 2) : mode;
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

/**
 * Writes a file under a temporary name beside it, which it takes when all is there. Nothing is left of one that fails. Links
 * are followed, and what is no regular file, as a device or a pipe, is written straight into.
 */
export async function writeFile(path: string | URL, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const given = path instanceof URL ? fileURLToPath(path) : path;
  try {
    const status = await unlessMissing(stat(given));
    if (status === null || status.isFile()) {
      await replace(await followed(given), chunks, status);
    } else {
      await pour(given, chunks);
    }
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) {
      const message = `${given} cannot be written: ${cause.message}`;
      throw new ImageError(
        { kind: 'notWritten', path: given, message, hint: 'see whether the folder is there, and has room' },
        { cause },
      );
    }
    throw cause;
  }
}

/** Makes a file, or another in the place of one, which passes its permissions on. */
async function replace(
  final: string,
  chunks: AsyncIterable<Uint8Array>,
  before: Stats | null,
): Promise<void> {
  const temporary = `${final}.${crypto.randomUUID().slice(0, 8)}.part`;
  const mode = before === null ? 0o666 : before.mode & 0o777;
  const file = await open(temporary, 'wx', mode);
  try {
    try {
      await writeAll(file, gathered(chunks));
      if (before !== null) {
        // The mask of the process may have taken some away.
        await file.chmod(mode);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, final);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw cause;
  }
}

/** Writes into what is there. */
async function pour(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, constants.O_WRONLY);
  try {
    await writeAll(file, gathered(chunks));
    await file.sync().catch(unlessUnable);
  } finally {
    await file.close();
  }
}

/** Where a path leads in the end, also by a link to what is not there yet. */
async function followed(path: string): Promise<string> {
  const place = await unlessMissing(realpath(path));
  if (place !== null) {
    return place;
  }
  const link = await readlink(path).catch(() => null);
  return link === null ? path : followed(resolve(await realpath(dirname(path)), link));
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      return null;
    }
    throw cause;
  }
}

/** A pipe keeps nothing that could be written out. */
function unlessUnable(cause: unknown): void {
  if (!['EINVAL', 'ENOTSUP', 'EROFS'].includes(codeOf(cause) ?? '')) {
    throw cause;
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
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
