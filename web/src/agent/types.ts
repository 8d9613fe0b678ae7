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
  /** What of a disc could not be read. */
  damage?: Damage;
}

export interface Damage {
  /** How many blocks. */
  blocks: number;
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

/** Whether nothing more will happen to a job. */
export function isOver(job: Job): boolean {
  return job.state === 'succeeded' || job.state === 'failed' || job.state === 'cancelled';
}
