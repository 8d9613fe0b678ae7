import type { NamedStream } from './streams.ts';

/** File systems that entries can be left out of. Rock Ridge is part of ISO 9660 and hides with it. */
export const HIDING_FILE_SYSTEMS = ['iso9660', 'joliet', 'udf'] as const;
export type HidingFileSystem = (typeof HIDING_FILE_SYSTEMS)[number];

/** What a user may say of one file or directory besides its name. What is left out is as it comes by default. */
export interface Details {
  /** Unix milliseconds. Left out: the time of the file itself. */
  readonly modified?: number;
  /** Unix milliseconds. */
  readonly created?: number;
  /** File systems that do not list it, nor anything below it. */
  readonly hiddenIn?: readonly HidingFileSystem[];
  /** Recorded as hidden: readers that know the mark do not show it. */
  readonly hidden?: boolean;
  /** Permissions as POSIX has them, the lowest twelve bits. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Of a file: those of more weight lie nearer to the beginning of the disc; 0 by default. */
  readonly weight?: number;
  /** At least one, each with a name of its own. Only UDF 2.00 and later has them. */
  readonly streams?: readonly NamedStream[];
}

/** The least and the most that the numbers among the details may be: 12 bits, 32 without the one for none, 32 with a sign. */
export const RANGES = {
  mode: [0, 0o7777],
  uid: [0, 0xffff_fffe],
  gid: [0, 0xffff_fffe],
  weight: [-(2 ** 31 - 1), 2 ** 31 - 1],
} as const satisfies { readonly [Key in keyof Details]?: readonly [least: number, most: number] };

/** Changes to details. `undefined` takes one back to its default. */
export type DetailsPatch = { readonly [Key in keyof Details]?: Details[Key] | undefined };

/** The details after a change; `null` when all of them are defaults. */
export function patched(details: Details | null, patch: DetailsPatch): Details | null {
  const next = Object.entries({ ...details, ...patch }).filter(([, value]) => value !== undefined);
  return next.length === 0 ? null : Object.fromEntries(next);
}
