/** Details as they are kept and exported: a named stream is there without its bytes, which lie where they lay. */
import type { Details } from '../tree/details.ts';
import { AbsentFile } from './absent.ts';
import { sourceOf, type Origins } from './origins.ts';

export interface KeptStream {
  readonly name: string;
  /** Path of the file, from the folder that holds what was added. */
  readonly source: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** A stream with the number of the root it came from. */
export type RootedStream = KeptStream & { readonly root: number };

export type KeptDetails<Kept extends KeptStream = KeptStream> = Omit<Details, 'streams'> & {
  readonly streams?: readonly Kept[];
};

/** Parent and name of a path; the empty string is the parent of what has none. */
export function split(path: string): [parent: string, name: string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
}

/** The details without the bytes. `keep` says what else is kept of a stream. */
export function keptDetails<Kept extends KeptStream>(
  { streams, ...details }: Details,
  origins: Origins,
  keep: (stream: RootedStream) => Kept,
): KeptDetails<Kept> {
  const kept = streams?.map(({ name, file }) => {
    const origin = origins.get(file);
    const source = origin === undefined ? name : sourceOf(origin);
    return keep({ name, source, size: file.size, modified: file.lastModified, root: origin?.root ?? 0 });
  });
  return kept === undefined ? details : { ...details, streams: kept };
}

/** The details with files in place of the bytes, which have to be found. */
export function detailsFrom<Kept extends KeptStream>(
  { streams, ...details }: KeptDetails<Kept>,
  origins: Origins,
  rootOf: (stream: Kept) => number,
): Details {
  if (streams === undefined) {
    return details;
  }
  const absent = streams.map((stream) => {
    const file = new AbsentFile(stream.size, stream.modified);
    const [directory, name] = split(stream.source);
    origins.set(file, { root: rootOf(stream), directory, name });
    return { name: stream.name, file };
  });
  return { ...details, streams: absent };
}
