import type { Job } from '../agent/types.ts';
import { t } from '../strings/strings.ts';

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

/** The same in words. */
export function resultTitle(outcome: BurnOutcome): string {
  switch (outcome) {
    case 'okVerified':
    case 'ok':
      return t.burn.succeeded;
    case 'differs':
      return t.burn.failedVerify;
    case 'failed':
      return t.burn.failed;
    case 'cancelled':
      return t.burn.cancelled;
  }
}
