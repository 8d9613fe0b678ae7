import type {
  EntryArrays,
  ImageBoot,
  ImageEntryDetails,
  ImageWarning,
  NameChange,
  NameReport,
  PlanOptions,
  SegmentArrays,
} from 'image-wasm';

export type {
  ImageBoot,
  ImageEntryDetails,
  ImageWarning,
  NameChange,
  NameReport,
  PlanOptions,
  SegmentArrays,
};

/** Kinds of segment and entry, as the planner numbers them. */
export const SEGMENT_METADATA = 0;
export const SEGMENT_FILE = 1;
export const SEGMENT_ZERO = 2;
export const ENTRY_FILE = 0;
export const ENTRY_DIRECTORY = 1;

/** What few entries have. A column that is not there is one that no entry has anything for. */
export interface DetailColumns {
  /** POSIX permissions, users and groups; -1 in 32 bits where unknown. */
  modes?: Uint32Array;
  uids?: Uint32Array;
  gids?: Uint32Array;
  /** Unix milliseconds, NaN where unknown. */
  created?: Float64Array;
  /** What `columns.ts` makes of the file systems an entry is left out of, and of the mark. */
  visibility?: Uint8Array;
  /** Files of more weight come earlier on the disc. */
  weights?: Int32Array;
}

/** The entries as they go to the worker: columns only, which are handed over without a copy. */
export type EntryColumns = Pick<EntryArrays, 'paths' | 'pathEnds' | 'kinds' | 'sizes' | 'modified'> &
  DetailColumns;

/** A named stream of an entry. */
export interface StreamEntry {
  entry: number;
  name: string;
  size: number;
}

/** Why the planner said no. `kind` is stable; `message` names the path. */
export interface PlannerError {
  kind: string;
  message: string;
  path?: string;
  hint?: string;
}

/** A plan held by the worker, by its number, and its exact size. */
export interface PlanSummary {
  plan: number;
  sizeBytes: number;
  sizeBlocks: number;
  /** Milliseconds the planner itself took. */
  planMs: number;
}

/** All of an image but the files' own bytes. */
export interface ImageParts {
  segments: SegmentArrays;
  /** The metadata segments' bytes, all together in order, cut into chunks of a few megabytes. */
  metadata: Blob[];
}

/** What the page asks of the worker. `call` pairs the answer with the question. */
export type PlannerRequest =
  | {
      kind: 'plan';
      call: number;
      entries: EntryColumns;
      /** In the order of the entries. */
      streams: readonly StreamEntry[];
      /** Bytes of files that the planner has to look into, by the numbers of the entries. */
      contents: ReadonlyMap<number, Uint8Array>;
      options: PlanOptions;
    }
  | { kind: 'names'; call: number; plan: number; indices: Uint32Array }
  | { kind: 'warnings'; call: number; plan: number }
  | { kind: 'parts'; call: number; plan: number };

export type PlannerValue = PlanSummary | NameReport[] | ImageWarning[] | ImageParts;

/** The worker's answer: errors cross the border as values. */
export type PlannerReply = { call: number } & (
  { ok: true; value: PlannerValue } | { ok: false; error: PlannerError }
);

/** An answer or the reason there is none. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: PlannerError };
