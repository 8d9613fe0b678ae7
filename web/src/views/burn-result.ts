import type { Job } from '../agent/types.ts';

export type BurnOutcome = 'okVerified' | 'ok' | 'differs' | 'failed' | 'cancelled';

/** How a job ended. A disc that was written but reads back differently is told apart from one that was not. */
export function resultOf(job: Job): BurnOutcome {
  if (job.state === 'succeeded') {
    return job.result?.verified === true ? 'okVerified' : 'ok';
  }
  if (job.state === 'cancelled') {
    return 'cancelled';
  }
  return job.result?.verified === false ? 'differs' : 'failed';
}
