import type { ImageAttributeDetails, ImageEntries, ImageEntryDetails } from '../pkg/image_wasm.js';
import { ImageError } from './error.ts';
import { sourceOf, type Content, type Source } from './source.ts';

/** What is recorded of an entry besides its name and content. */
export interface Attributes extends ImageAttributeDetails {
  /** When the content was last modified: a `Date`, or milliseconds since 1970. A `File` knows by itself. */
  modified?: Date | number;
  /** POSIX permissions, such as 0o755. */
  mode?: number;
  /** POSIX user. */
  uid?: number;
  /** POSIX group. */
  gid?: number;
}

/** An entry with attributes. */
export type AttributedEntry = Attributes &
  (
    | { content: Content; streams?: Record<string, Content> }
    | { directory: true; streams?: Record<string, Content> }
    | { symlink: string }
    | { hardLink: string }
    | { special: 'fifo' | 'socket' }
    | { special: 'characterDevice' | 'blockDevice'; major: number; minor: number }
  );

/** What can stand at a path of an image. */
export type Entry = Content | AttributedEntry;

/** What an image is made of: entries by path, or Files, which bring their own paths. */
export type Files<Input = Entry> =
  | Readonly<Record<string, Input>>
  | Iterable<readonly [path: string, entry: Input] | File>
  | AsyncIterable<readonly [path: string, entry: Input] | File>;

/** Kinds of entry, as the planner numbers them. */
const KINDS = {
  file: 0,
  directory: 1,
  symlink: 2,
  hardLink: 3,
  characterDevice: 4,
  blockDevice: 5,
  fifo: 6,
  socket: 7,
} as const;

/** Kinds that are what they are by name alone. */
const SPECIAL: readonly unknown[] = ['characterDevice', 'blockDevice', 'fifo', 'socket'];

/** One entry, ready for the planner. */
export interface Planned {
  path: string;
  kind: keyof typeof KINDS;
  source?: Source;
  target?: string;
  attributes: Attributes;
  device?: { major: number; minor: number };
  streams: (readonly [name: string, source: Source])[];
  /** Bytes that the planner has to know. */
  content?: Uint8Array;
}

/** Finds what a platform alone knows: files and folders of Node. `null` for all else. */
export type Local = (path: string, input: unknown) => AsyncIterable<Planned> | null;

/** All entries in the order they were given. */
export async function collect(files: Files<unknown>, local: Local, signal?: AbortSignal): Promise<Planned[]> {
  const planned: Planned[] = [];
  for await (const item of itemsOf(files)) {
    signal?.throwIfAborted();
    const [path, input] = pairOf(item);
    const found = local(path, input);
    if (found === null) {
      planned.push(entryOf(path, input));
      continue;
    }
    for await (const entry of found) {
      signal?.throwIfAborted();
      planned.push(entry);
    }
  }
  return planned;
}

/** A path as the root sees it. */
export function relative(path: string): string {
  return path.replace(/^\/+/, '');
}

function itemsOf(files: Files<unknown>): Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof files !== 'object' || files === null || files instanceof Blob) {
    throw noFiles(`files is ${files instanceof Blob ? 'a single file' : String(files)}`);
  }
  return Symbol.iterator in files || Symbol.asyncIterator in files
    ? (files as Iterable<unknown> | AsyncIterable<unknown>)
    : Object.entries(files);
}

function pairOf(item: unknown): readonly [path: string, input: unknown] {
  if (item instanceof File) {
    return [item.webkitRelativePath || item.name, item];
  }
  if (!Array.isArray(item) || typeof item[0] !== 'string') {
    throw noFiles('the list has something in it that is no File and no pair of a path and an entry');
  }
  return item as [string, unknown];
}

function noFiles(message: string): ImageError {
  const hint = 'give an object or a Map of paths, or a list of [path, entry] or of Files';
  return new ImageError({ kind: 'invalidContent', message, hint });
}

function entryOf(path: string, input: unknown): Planned {
  try {
    return plainEntry(path, input) ?? attributedEntry(path, input);
  } catch (error) {
    throw error instanceof ImageError && error.path === undefined
      ? new ImageError({ kind: error.kind, path, message: `${path}: ${error.message}`, ...hintOf(error) })
      : error;
  }
}

function hintOf({ hint }: ImageError): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

function plainEntry(path: string, input: unknown): Planned | null {
  const source = sourceOf(input);
  if (source === null) {
    return null;
  }
  const attributes = input instanceof File ? { modified: input.lastModified } : {};
  return { path, kind: 'file', source, attributes, streams: [] };
}

function attributedEntry(path: string, input: unknown): Planned {
  const given = (typeof input === 'object' && input !== null ? input : {}) as Partial<
    Record<'content' | 'directory' | 'symlink' | 'hardLink' | 'special', unknown>
  > & { major?: number; minor?: number; streams?: Record<string, Content> } & Attributes;
  const { content, directory, symlink, hardLink, special, major, minor, streams, ...attributes } = given;
  const common = { path, attributes, streams: streamsOf(streams ?? {}) };
  if (content !== undefined) {
    const plain = plainEntry(path, content);
    if (plain !== null) {
      return { ...plain, ...common, attributes: { ...plain.attributes, ...attributes } };
    }
  } else if (directory === true) {
    return { ...common, kind: 'directory' };
  } else if (typeof symlink === 'string') {
    return { ...common, kind: 'symlink', target: symlink };
  } else if (typeof hardLink === 'string') {
    return { ...common, kind: 'hardLink', target: hardLink };
  } else if (SPECIAL.includes(special)) {
    const kind = special as Planned['kind'];
    return { ...common, kind, device: { major: major ?? 0, minor: minor ?? 0 } };
  }
  throw new ImageError({
    kind: 'invalidContent',
    message: 'it is nothing that an image can have',
    hint: 'give text, bytes, a Blob, { stream, size }, { content }, { directory }, { symlink }, { hardLink } or { special }',
  });
}

function streamsOf(streams: Record<string, Content>): Planned['streams'] {
  return Object.entries(streams).map(([name, content]) => {
    const source = sourceOf(content);
    if (source === null) {
      throw new ImageError({ kind: 'invalidContent', message: `its stream ${name} has no content` });
    }
    return [name, source];
  });
}

/** POSIX numbers that are not given. */
const NONE = 0xffffffff;

/** The entries as the planner takes them. */
export function columnsOf(planned: readonly Planned[]): ImageEntries {
  const count = planned.length;
  const texts = planned.map(({ path }) => encoded(path));
  const columns = {
    paths: new Uint8Array(texts.reduce((sum, { length }) => sum + length, 0)),
    pathEnds: new Uint32Array(count),
    kinds: new Uint8Array(count),
    sizes: new Float64Array(count),
    modified: new Float64Array(count),
    targets: [] as string[],
    modes: new Uint32Array(count),
    uids: new Uint32Array(count),
    gids: new Uint32Array(count),
    details: [] as ImageEntryDetails[],
  };
  let end = 0;
  planned.forEach((entry, index) => {
    const { kind, source, target, attributes } = entry;
    const { modified, mode, uid, gid, ...rest } = attributes;
    const text = texts[index] ?? new Uint8Array();
    columns.paths.set(text, end);
    end += text.length;
    columns.pathEnds[index] = end;
    columns.kinds[index] = KINDS[kind];
    columns.sizes[index] = source?.size ?? 0;
    columns.modified[index] = modified === undefined ? Number.NaN : time(modified, entry.path);
    columns.modes[index] = posix('mode', mode, entry.path);
    columns.uids[index] = posix('uid', uid, entry.path);
    columns.gids[index] = posix('gid', gid, entry.path);
    if (target !== undefined) {
      if (hasHalf(target)) {
        throw new ImageError({
          kind: 'invalidTarget',
          path: entry.path,
          message: `the target ${JSON.stringify(target)} of ${entry.path} has half a UTF-16 pair in it (UDF 2.1.1)`,
          hint: 'mend the link or leave it out',
        });
      }
      columns.targets.push(kind === 'hardLink' ? target.replace(/^\/+/, '') : target);
    }
    const details = detailsOf(index, entry, rest);
    if (details !== null) {
      columns.details.push(details);
    }
  });
  return columns;
}

function detailsOf(entry: number, planned: Planned, rest: ImageAttributeDetails): ImageEntryDetails | null {
  const { streams, content, device } = planned;
  const details: ImageEntryDetails = { entry, ...rest };
  if (streams.length > 0) {
    details.streams = streams.map(([name, { size }]) => ({ name, size }));
  }
  if (content !== undefined) {
    details.content = content;
  }
  if (device !== undefined) {
    details.device = device;
  }
  return Object.keys(details).length > 1 ? details : null;
}

/** Whether there is half a pair of UTF-16 in it: no text on a disc can hold that. */
function hasHalf(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function encoded(path: string): Uint8Array {
  if (hasHalf(path)) {
    throw new ImageError({
      kind: 'invalidPath',
      path,
      message: `${JSON.stringify(path)} has half a UTF-16 pair in it (UDF 2.1.1)`,
      hint: 'rename it: no text on a disc can hold what is not Unicode',
    });
  }
  return new TextEncoder().encode(path);
}

/** The planner takes what is no number for a time that nobody knows. */
function time(modified: unknown, path: string): number {
  const isTime = modified instanceof Date || typeof modified === 'number';
  if (!isTime || Number.isNaN(Number(modified))) {
    throw new ImageError({
      kind: 'invalidDate',
      path,
      message: `the time at which ${path} was modified is ${String(modified)}`,
      hint: 'give a Date, or milliseconds since 1970',
    });
  }
  return Number(modified);
}

function posix(name: string, value: number | undefined, path: string): number {
  if (value === undefined) {
    return NONE;
  }
  if (!Number.isInteger(value) || value < 0 || value >= NONE) {
    const message = `the ${name} of ${path} is ${String(value)}: expected a whole number below 2^32`;
    throw new ImageError({ kind: 'invalidEntries', path, message });
  }
  return value;
}
