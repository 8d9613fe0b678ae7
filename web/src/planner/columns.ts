/**
 * What few entries have besides a name, a length and a time. Every column is as long as the list of entries and is made
 * when the first of them has something for it, so that it costs the same however many have.
 */
import { HIDING_FILE_SYSTEMS, type Details, type HidingFileSystem } from '../tree/details.ts';
import type { DetailColumns, EntryColumns, ImageEntryDetails, StreamEntry } from './messages.ts';

/** No permissions, user or group: -1 in 32 bits, as POSIX has it. */
export const NONE = 0xffff_ffff;

/** Visibility is a bit for each file system that an entry is left out of, by its place in the list, and this one. */
const MARKED_HIDDEN = 0x80;

function visibilityOf({ hidden, hiddenIn }: Details): number {
  const leftOut = (hiddenIn ?? []).reduce(
    (bits, system) => bits | (1 << HIDING_FILE_SYSTEMS.indexOf(system)),
    0,
  );
  return leftOut | (hidden === true ? MARKED_HIDDEN : 0);
}

/** Puts the details of one entry out of `count` into their columns. */
export function putDetails(columns: DetailColumns, count: number, entry: number, details: Details): void {
  const { mode, uid, gid, created, weight = 0 } = details;
  const posix = () => new Uint32Array(count).fill(NONE);
  if (mode !== undefined) {
    (columns.modes ??= posix())[entry] = mode;
  }
  if (uid !== undefined) {
    (columns.uids ??= posix())[entry] = uid;
  }
  if (gid !== undefined) {
    (columns.gids ??= posix())[entry] = gid;
  }
  if (created !== undefined) {
    (columns.created ??= new Float64Array(count).fill(Number.NaN))[entry] = created;
  }
  const visibility = visibilityOf(details);
  if (visibility !== 0) {
    (columns.visibility ??= new Uint8Array(count))[entry] = visibility;
  }
  if (weight !== 0) {
    (columns.weights ??= new Int32Array(count))[entry] = weight;
  }
}

/** The file systems of each combination of bits: entries share them. */
const LEFT_OUT: readonly (readonly HidingFileSystem[])[] = Array.from(
  { length: 1 << HIDING_FILE_SYSTEMS.length },
  (_, bits) => HIDING_FILE_SYSTEMS.filter((_system, at) => (bits & (1 << at)) !== 0),
);

/** What the planner takes as an object for each entry that has any of it, in the order of the entries. */
export function detailsOf(
  { pathEnds, created, visibility, weights }: EntryColumns,
  contents: ReadonlyMap<number, Uint8Array> = new Map(),
  streams: readonly StreamEntry[] = [],
): ImageEntryDetails[] {
  const list: ImageEntryDetails[] = [];
  if ((created ?? visibility ?? weights) === undefined && contents.size + streams.length === 0) {
    return list;
  }
  const streamsOf = new Map<number, ImageEntryDetails['streams']>();
  for (const { entry, name, size } of streams) {
    streamsOf.set(entry, [...(streamsOf.get(entry) ?? []), { name, size }]);
  }
  for (let entry = 0; entry < pathEnds.length; entry += 1) {
    const made = created?.[entry] ?? Number.NaN;
    const bits = visibility?.[entry] ?? 0;
    const weight = weights?.[entry] ?? 0;
    const content = contents.get(entry);
    const named = streamsOf.get(entry);
    if (Number.isNaN(made) && bits === 0 && weight === 0 && (content ?? named) === undefined) {
      continue;
    }
    const hiddenIn = LEFT_OUT[bits & ~MARKED_HIDDEN] ?? [];
    list.push({
      entry,
      ...(Number.isNaN(made) ? {} : { created: made }),
      ...(hiddenIn.length === 0 ? {} : { hiddenIn }),
      ...((bits & MARKED_HIDDEN) === 0 ? {} : { hidden: true }),
      ...(weight === 0 ? {} : { weight }),
      ...(content === undefined ? {} : { content }),
      ...(named === undefined ? {} : { streams: named }),
    });
  }
  return list;
}
