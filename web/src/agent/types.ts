/** The agent's HTTP interface, version 1, as the page uses it. */

export interface Sense {
  key: number;
  asc: number;
  ascq: number;
}

/** `application/problem+json`. */
export interface Problem {
  code: string;
  title: string;
  status: number;
  detail?: string;
  hint?: string;
  sense?: Sense;
}

export interface WriteSpeed {
  kbPerSecond: number;
  times: number;
}

export interface DriveMedium {
  kind: string;
  label: string;
  status: 'blank' | 'appendable' | 'complete' | 'damaged' | 'other';
  rewritable: boolean;
  capacityBlocks: number;
  freeBlocks: number;
  sessions: number;
  tracks: number;
  writeSpeeds: WriteSpeed[];
  /** Echoed when a job is started, so that a page that is out of date cannot write to another disc. */
  fingerprint: string;
  writable: boolean;
  reason: string | null;
}

export interface Drive {
  id: string;
  vendor: string;
  product: string;
  revision: string;
  virtual: boolean;
  path: string;
  state: 'ready' | 'noMedium' | 'busy' | 'unavailable';
  leasedBy: string | null;
  medium: DriveMedium | null;
  problem?: Problem;
}

/** What a drive event says of a drive that was unplugged. */
export interface DriveGone {
  id: string;
  gone: boolean;
}

export type VerifyLevel = 'none' | 'quick' | 'full';

export interface BurnRequest {
  kind: 'burn';
  drive: string;
  image: string;
  verify: VerifyLevel;
  speed?: number;
  close?: boolean;
  eject?: boolean;
  confirm: { drive: string; medium: string };
}

/** What is done to a disc or with one without an image. */
export type TaskRequest =
  | { kind: 'read'; drive: string }
  | { kind: 'erase'; drive: string; full: boolean; confirm: { drive: string; medium: string } }
  | {
      kind: 'format';
      drive: string;
      format?: 'quick' | 'full';
      confirm: { drive: string; medium: string };
    };

/** An image the agent holds. */
export interface AgentImage {
  id: string;
  name: string;
  length: number;
  complete: boolean;
  sha256?: string | null;
}

export type JobPhase =
  | 'waiting'
  | 'preparing'
  | 'formatting'
  | 'erasing'
  | 'writing'
  | 'closing'
  | 'verifying'
  | 'reading'
  | 'done';

export interface JobProgress {
  doneBlocks: number;
  totalBlocks: number;
  /** Blocks that could not be read so far, or that differ from the image. */
  badBlocks?: number;
  bufferPercent: number;
  driveBufferPercent: number | null;
  bytesPerSecond: number;
  secondsLeft: number | null;
}

export interface JobResult {
  sha256?: string;
  verified?: boolean;
  image?: string;
  discState?: string;
  /** Why writing is not believed on the word of the drive. */
  suspect?: string;
  /** What is wrong with a disc, or missing in what was read of it. */
  damage?: Damage;
}

/** Blocks that follow each other, counted from the start of the image. */
export interface BlockRange {
  first: number;
  blocks: number;
}

/** The lists may be cut short; the numbers count all. */
export interface Damage {
  /** How many blocks. */
  blocks: number;
  unreadable: readonly BlockRange[];
  /** Blocks that are not those of the image. */
  different: readonly BlockRange[];
  files: readonly { path: string; blocks: number }[];
  fileCount: number;
}

export interface Job {
  id: string;
  kind: string;
  drive: string;
  image: string | null;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  phase: JobPhase;
  progress: JobProgress;
  result: JobResult | null;
  error: Problem | null;
  created: string;
  finished: string | null;
}

/** How far and how fast a job was at one moment. */
export interface JobSample {
  /** Since the job began. */
  milliseconds: number;
  phase: JobPhase;
  doneBlocks: number;
  totalBlocks: number;
  bytesPerSecond: number;
  bufferPercent: number;
  driveBufferPercent: number | null;
}

/** Something that happened to a job, once or several times in a row. */
export type JobLogEntry = { milliseconds: number; until: number; times: number } & (
  | { kind: 'phase'; phase: JobPhase }
  | { kind: 'speed'; kbPerSecond: number }
  | {
      kind: 'refused';
      command: string;
      firstBlock: number | null;
      lastBlock: number | null;
      sense: Sense | null;
      text: string;
    }
  | { kind: 'overburn'; blocks: number }
  | { kind: 'cancelAsked' }
);

/** What a job did over time. */
export interface JobHistory {
  /** RFC 3339; `null` while it waits, and when the agent was started anew since. */
  began: string | null;
  samples: readonly JobSample[];
  log: readonly JobLogEntry[];
  /** Entries that the log had no more room for. */
  omitted: number;
}

/** What is known of the blocks of an image, one character for each cell of equally many blocks. */
export interface JobMap {
  blocks: number;
  cells: string;
}

/** Whether nothing more will happen to a job. */
export function isOver(job: Job): boolean {
  return job.state === 'succeeded' || job.state === 'failed' || job.state === 'cancelled';
}
