/** What the page shows of a burn, worked out from its own stage and the agent's job. */
import { BLOCK_SIZE } from '../media/media.ts';
import { isOver, type Job, type JobPhase } from '../agent/types.ts';

export const BURN_STEPS = ['preparing', 'uploading', 'writing', 'verifying'] as const;
export type BurnStep = (typeof BURN_STEPS)[number];

/** The page's own part of a burn. */
export type PageStage =
  | { stage: 'preparing' | 'starting' }
  | { stage: 'checking'; checked: number; files: number }
  | { stage: 'uploading'; sent: number; total: number; interrupted: boolean };

/** Keys of the texts for what is going on. */
export type PhaseKey =
  | 'preparing'
  | 'checking'
  | 'uploading'
  | 'interrupted'
  | 'waiting'
  | 'readying'
  | 'formatting'
  | 'erasing'
  | 'writing'
  | 'closing'
  | 'verifying'
  | 'reading'
  | 'done';

export interface BurnView {
  step: BurnStep | 'over';
  phase: PhaseKey;
  /** Share of the present step that is done; `null` when that is not known. */
  fraction: number | null;
  doneBytes: number;
  totalBytes: number;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  buffer: number | null;
  driveBuffer: number | null;
}

const STEP_OF_PHASE: Record<JobPhase, BurnStep | 'over'> = {
  waiting: 'writing',
  preparing: 'writing',
  formatting: 'writing',
  erasing: 'writing',
  writing: 'writing',
  closing: 'writing',
  verifying: 'verifying',
  reading: 'verifying',
  done: 'over',
};

const NOTHING = { bytesPerSecond: null, secondsLeft: null, buffer: null, driveBuffer: null };

/** The view of the time before there is a job. */
export function viewOfStage(stage: PageStage): BurnView {
  if (stage.stage === 'checking') {
    const fraction = stage.files > 0 ? stage.checked / stage.files : null;
    return { step: 'preparing', phase: 'checking', fraction, doneBytes: 0, totalBytes: 0, ...NOTHING };
  }
  if (stage.stage !== 'uploading') {
    const step = stage.stage === 'starting' ? 'uploading' : 'preparing';
    const phase = stage.stage === 'starting' ? 'waiting' : 'preparing';
    return { step, phase, fraction: null, doneBytes: 0, totalBytes: 0, ...NOTHING };
  }
  const { sent, total, interrupted } = stage;
  return {
    step: 'uploading',
    phase: interrupted ? 'interrupted' : 'uploading',
    fraction: total > 0 ? sent / total : null,
    doneBytes: sent,
    totalBytes: total,
    ...NOTHING,
  };
}

/** The view of a job. */
export function viewOfJob(job: Job): BurnView {
  const { progress, phase } = job;
  const moving = phase === 'writing' || phase === 'verifying' || phase === 'reading';
  const total = progress.totalBlocks;
  return {
    step: isOver(job) ? 'over' : STEP_OF_PHASE[phase],
    phase: phase === 'preparing' ? 'readying' : phase,
    fraction: moving && total > 0 ? Math.min(1, progress.doneBlocks / total) : null,
    doneBytes: progress.doneBlocks * BLOCK_SIZE,
    totalBytes: total * BLOCK_SIZE,
    bytesPerSecond: moving ? progress.bytesPerSecond : null,
    secondsLeft: moving ? progress.secondsLeft : null,
    buffer: phase === 'writing' ? progress.bufferPercent : null,
    driveBuffer: phase === 'writing' ? progress.driveBufferPercent : null,
  };
}

/** Progress to read out: in steps of a tenth, so that a screen reader is not flooded. */
export function spokenFraction(view: BurnView): number | null {
  return view.fraction === null ? null : Math.floor(view.fraction * 10) / 10;
}
