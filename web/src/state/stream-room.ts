/** Whether an image has room for named streams, and what to do where it has none. Loaded by those who ask. */
import { USUAL_UDF_REVISION } from '../disc/settings.ts';
import type { Purpose } from '../projects/disc/purpose.ts';
import type { PlannerError } from '../planner/messages.ts';
import { t } from '../strings/strings.ts';
import type { Project } from './project.svelte.ts';

/** What stands in the way of named streams. */
export interface StreamRoom {
  readonly off: boolean;
  /** Revision of UDF that the image has, or would have. */
  readonly revision: string;
  /** Whether that is from before named streams. UDF 2.00 3.3.5. */
  readonly early: boolean;
  /** Whether what the disc is for allows no other. */
  readonly fixed: boolean;
}

export function streamRoom(
  { fileSystems, medium, udfRevision }: Pick<Project, 'fileSystems' | 'medium' | 'udfRevision'>,
  purpose: Pick<Purpose, 'udfRevision'> | null,
): StreamRoom {
  const fixed = purpose?.udfRevision ?? null;
  const revision = fixed ?? udfRevision ?? medium?.udfRevision ?? USUAL_UDF_REVISION;
  return { off: !fileSystems.udf, revision, early: Number(revision) < 2, fixed: fixed !== null };
}

/** What can be done so that the image has them; nothing where it has. */
export function streamAdvice({ off, early, fixed }: StreamRoom): string[] {
  const { turnOn, chooseLater, player } = t.streams;
  return early && fixed ? [player] : [...(off ? [turnOn] : []), ...(early ? [chooseLater] : [])];
}

/** The planner's refusal of an entry with named streams, in the words of the page. */
export function refuseStreams(path: string, room: StreamRoom): PlannerError {
  const { refusedOff, refusedEarly, remove } = t.streams;
  return {
    kind: 'purpose',
    message: room.off ? refusedOff(path) : refusedEarly(path, room.revision),
    hint: [...streamAdvice(room), remove].join(' '),
  };
}
