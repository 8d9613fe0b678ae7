/** Which job takes everything off a disc. */
import type { Drive, DriveMedium, TaskRequest } from '../../agent/types.ts';

/** Why a disc cannot be erased. */
export type EraseObstacle = 'noDrive' | 'noMedium' | 'busy' | 'once';

/** Discs that are blanked; what else can be rewritten is formatted. MMC-6 6.2, 6.4. */
const BLANKED = new Set(['cd-rw', 'dvd-rw']);

export function eraseObstacle(drive: Drive | null): EraseObstacle | null {
  if (drive === null) {
    return 'noDrive';
  }
  if (drive.state === 'busy' || drive.leasedBy !== null) {
    return 'busy';
  }
  if (drive.medium === null) {
    return 'noMedium';
  }
  return drive.medium.rewritable ? null : 'once';
}

/** Whether there is a difference between erasing a disc quickly and in full. */
export function hasChoice({ kind }: DriveMedium): boolean {
  return !kind.startsWith('dvd+rw');
}

/** The job for a disc as it was shown when the user agreed. */
export function eraseRequest(drive: string, medium: DriveMedium, full: boolean): TaskRequest {
  const confirm = { drive, medium: medium.fingerprint };
  if (BLANKED.has(medium.kind)) {
    return { kind: 'erase', drive, full, confirm };
  }
  return hasChoice(medium)
    ? { kind: 'format', drive, format: full ? 'full' : 'quick', confirm }
    : { kind: 'format', drive, confirm };
}
