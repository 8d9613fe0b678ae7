/**
 * A project in one file, which `discwright build` makes the same image of. `docs/project-file.md` describes it; the
 * reader in `native-agent` takes what is written here and refuses what is refused here.
 */
import {
  isFileSystems,
  isIsoLevel,
  isMediumId,
  isUdfRevision,
  type IsoLevel,
  type UdfRevision,
} from '../../disc/settings.ts';
import type { FileSystems } from '../../disc/volume.ts';
import type { MediumId } from '../../media/media.ts';
import type { KeptDetails, KeptStream } from '../../store/kept-details.ts';
import { HIDING_FILE_SYSTEMS, RANGES } from '../../tree/details.ts';
import { checkStreamName } from '../../tree/names.ts';
import { bootToJson } from './boot-section.ts';
import { readSections, type ProjectSections } from './sections.ts';

export const FORMAT = 'discwright-project';
export const VERSION = 1;

export interface FileEntry {
  kind: 'file';
  /** Path on the disc. */
  path: string;
  /** Path of the file, from the folder that holds what was added. */
  source: string;
  size: number;
  /** Milliseconds since 1970. */
  modified: number;
  details?: KeptDetails;
}

export interface DirectoryEntry {
  kind: 'directory';
  path: string;
  details?: KeptDetails;
}

export type ProjectEntry = FileEntry | DirectoryEntry;

export interface ProjectFile extends ProjectSections {
  kind: string;
  /** What the project is called; its volume may be called otherwise. */
  name: string;
  volumeId: string;
  created: number;
  medium: MediumId | null;
  fileSystems: FileSystems;
  /** Of UDF, the revision of the medium unless another is named. */
  options: { isoLevel: IsoLevel; udfRevision?: UdfRevision };
  entries: ProjectEntry[];
}

/** Why a file is no project this page can open. */
export type ProjectFileProblem =
  | { kind: 'notJson' }
  | { kind: 'notAProject' }
  | { kind: 'newer'; version: number }
  /** Something in it is missing or is not what it should be, and where. */
  | { kind: 'damaged'; where: string };

export class ProjectFileError extends Error {
  readonly problem: ProjectFileProblem;

  constructor(problem: ProjectFileProblem) {
    super(problem.kind === 'damaged' ? problem.where : problem.kind);
    this.name = 'ProjectFileError';
    this.problem = problem;
  }
}

/** The farthest instant of a date, in milliseconds either side of 1970. */
const FARTHEST_DATE = 8.64e15;
/** Entries written to a piece of the file at a time. */
const PIECE = 5000;

/** The file as it is saved, an entry on each line. */
export function writeProjectFile(project: ProjectFile): Blob {
  const { kind, name, volumeId, created, medium, fileSystems, options, entries, boot, video } = project;
  const head = {
    format: FORMAT,
    version: VERSION,
    kind,
    name,
    volumeId,
    created,
    medium,
    fileSystems,
    options,
    ...(boot === undefined ? {} : { boot: bootToJson(boot) }),
    ...(video === undefined ? {} : { video }),
  };
  const parts = [`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "entries": [`];
  for (let start = 0; start < entries.length; start += PIECE) {
    const lines = entries.slice(start, start + PIECE).map((entry) => `\n    ${JSON.stringify(entry)}`);
    parts.push((start === 0 ? '' : ',') + lines.join(','));
  }
  parts.push(entries.length === 0 ? ']\n}\n' : '\n  ]\n}\n');
  return new Blob(parts, { type: 'application/json' });
}

/** Reads a project file, or throws a `ProjectFileError`. */
export function readProjectFile(text: string): ProjectFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProjectFileError({ kind: 'notJson' });
  }
  const file = new Reader(value, '');
  if (!file.isObject || file.raw('format') !== FORMAT) {
    throw new ProjectFileError({ kind: 'notAProject' });
  }
  const version = file.whole('version');
  if (version > VERSION) {
    throw new ProjectFileError({ kind: 'newer', version });
  }
  if (version < 1) {
    throw file.wrong('version');
  }
  const medium = file.raw('medium');
  const fileSystems = file.raw('fileSystems');
  const options = file.object('options');
  const isoLevel = options.whole('isoLevel');
  const udfRevision = options.raw('udfRevision');
  if (medium !== null && !isMediumId(medium)) {
    throw file.wrong('medium');
  }
  if (!isFileSystems(fileSystems)) {
    throw file.wrong('fileSystems');
  }
  if (!isIsoLevel(isoLevel)) {
    throw file.wrong('options.isoLevel');
  }
  if (udfRevision !== undefined && !isUdfRevision(udfRevision)) {
    throw file.wrong('options.udfRevision');
  }
  const kind = file.text('kind');
  return {
    kind,
    name: file.text('name'),
    volumeId: file.text('volumeId'),
    created: file.date('created'),
    medium,
    fileSystems,
    options: { isoLevel, ...(udfRevision === undefined ? {} : { udfRevision }) },
    ...readSections(kind, file),
    entries: file.list('entries').map(readEntry),
  };
}

function readEntry(entry: Reader): ProjectEntry {
  const path = entry.path('path');
  const kind = entry.text('kind');
  const details = readDetails(entry);
  if (kind === 'directory') {
    return { kind, path, ...details };
  }
  if (kind !== 'file') {
    throw entry.wrong('kind');
  }
  const source = entry.path('source');
  return { kind, path, source, size: entry.whole('size'), modified: entry.date('modified'), ...details };
}

/** How each of the details is read. What is not here would make another image, and is refused. */
const DETAILS: { readonly [Key in keyof KeptDetails]-?: (details: Reader) => KeptDetails[Key] } = {
  modified: (details) => details.date('modified'),
  created: (details) => details.date('created'),
  hiddenIn: (details) => details.some('hiddenIn', HIDING_FILE_SYSTEMS),
  hidden: (details) => details.flag('hidden'),
  mode: (details) => details.within('mode', ...RANGES.mode),
  uid: (details) => details.within('uid', ...RANGES.uid),
  gid: (details) => details.within('gid', ...RANGES.gid),
  weight: (details) => details.within('weight', ...RANGES.weight),
  streams: readStreams,
};

function readStreams(details: Reader): KeptStream[] {
  const names: string[] = [];
  return details.list('streams').map((stream) => {
    const other = stream.names.find((each) => !['name', 'source', 'size', 'modified'].includes(each));
    const name = stream.text('name');
    const wrong = other ?? (checkStreamName(name, names) === null ? undefined : 'name');
    if (wrong !== undefined) {
      throw stream.wrong(wrong);
    }
    names.push(name);
    return {
      name,
      source: stream.path('source'),
      size: stream.whole('size'),
      modified: stream.date('modified'),
    };
  });
}

function isDetail(name: string): name is keyof KeptDetails {
  return Object.hasOwn(DETAILS, name);
}

function readDetails(entry: Reader): { details?: KeptDetails } {
  if (entry.raw('details') === undefined) {
    return {};
  }
  const details = entry.object('details');
  const read = details.names.map((name) => {
    if (!isDetail(name)) {
      throw details.wrong(name);
    }
    return [name, DETAILS[name](details)] as const;
  });
  return { details: Object.fromEntries(read) };
}

/** A value of the file that is being looked at, and where in the file it is. */
export class Reader {
  readonly #value: unknown;
  readonly #where: string;

  constructor(value: unknown, where: string) {
    this.#value = value;
    this.#where = where;
  }

  get isObject(): boolean {
    return typeof this.#value === 'object' && this.#value !== null && !Array.isArray(this.#value);
  }

  /** Names of the members it has. */
  get names(): string[] {
    return this.isObject ? Object.keys(this.#value as object) : [];
  }

  wrong(name: string): ProjectFileError {
    return new ProjectFileError({ kind: 'damaged', where: this.#at(name) });
  }

  raw(name: string): unknown {
    return this.isObject ? (this.#value as Record<string, unknown>)[name] : undefined;
  }

  text(name: string): string {
    const value = this.raw(name);
    if (typeof value !== 'string') {
      throw this.wrong(name);
    }
    return value;
  }

  whole(name: string): number {
    return this.within(name, 0, Number.MAX_SAFE_INTEGER);
  }

  /** A whole number from `least` to `most`. */
  within(name: string, least: number, most: number): number {
    const value = this.raw(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
      throw this.wrong(name);
    }
    return value;
  }

  /** A time, in milliseconds since 1970. ECMA-262 21.4.1.1. */
  date(name: string): number {
    return this.within(name, -FARTHEST_DATE, FARTHEST_DATE);
  }

  flag(name: string): boolean {
    const value = this.raw(name);
    if (typeof value !== 'boolean') {
      throw this.wrong(name);
    }
    return value;
  }

  /** A list of some of these words, put in their order. */
  some<Word extends string>(name: string, words: readonly Word[]): Word[] {
    const value = this.raw(name);
    if (!Array.isArray(value) || !value.every((each) => words.includes(each as Word))) {
      throw this.wrong(name);
    }
    return words.filter((word) => value.includes(word));
  }

  /** A path that stays below where it begins. */
  path(name: string): string {
    const path = this.text(name);
    const names = path.split('/');
    if (names.some((each) => each === '' || each === '.' || each === '..' || each.includes('\0'))) {
      throw this.wrong(name);
    }
    return path;
  }

  object(name: string): Reader {
    const inner = new Reader(this.raw(name), this.#at(name));
    if (!inner.isObject) {
      throw this.wrong(name);
    }
    return inner;
  }

  list(name: string): Reader[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) {
      throw this.wrong(name);
    }
    return value.map((each: unknown, at) => new Reader(each, `${this.#at(name)}[${at}]`));
  }

  #at(name: string): string {
    return this.#where === '' ? name : `${this.#where}.${name}`;
  }
}
