/** Errors in words: what happened, and what to do about it. */
import { AgentError } from '../agent/api.ts';
import type { Problem } from '../agent/types.ts';
import type { ProjectFileError } from '../projects/file/project-file.ts';
import type { PlannerError } from '../planner/messages.ts';
import { SaveError } from '../save/save.ts';
import { StoreError } from '../store/database.ts';
import { t } from '../strings/strings.ts';
import type { Advice, FailureCode, PlanFailure } from '../strings/told.ts';
import { ChangedContentError } from '../tree/content.ts';
import type { ReadyImage } from './burnable.ts';
import { PlanningError } from './planning-error.ts';

export interface Explanation {
  what: string;
  todo: string;
}

/** A file of the user's that cannot be read any more. */
export class FileChangedError extends Error {
  readonly path: string;

  constructor(path: string) {
    super(path);
    this.name = 'FileChangedError';
    this.path = path;
  }
}

/** What the agent or the planner says, as a sentence. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const first = trimmed.slice(0, 1).toLocaleUpperCase() + trimmed.slice(1);
  return first === '' || /[.!?…]$/u.test(first) ? first : `${first}.`;
}

/** What only the program or the browser has words for. */
export function foreign(text: string): string {
  return t.told === null ? sentence(text) : t.told.asSaid(sentence(text));
}

/** The page's own words for the agent's code where it has some, else the agent's. */
export function explainProblem(problem: Problem): Explanation {
  const [what, todo] = t.agentProblems[problem.code] ?? inOtherWords(problem);
  const { sense } = problem;
  const said = sense === undefined ? '' : ` ${t.problems.sense(sense.key, sense.asc, sense.ascq)}`;
  return { what: what + said, todo };
}

/** What the agent said, in the language of the page as far as that goes. */
function inOtherWords({ code, title, detail, hint }: Problem): Advice {
  const said = sentence(detail ?? title);
  const advised = hint === undefined ? '' : sentence(hint);
  const { told } = t;
  if (told === null) {
    return [said, advised === '' ? t.problems.fallbackTodo : advised];
  }
  return code in told.failures
    ? told.failures[code as FailureCode]
    : [told.asSaid(`${said} ${advised}`.trim()), t.problems.fallbackTodo];
}

export function explainPlanner(error: PlannerError): Explanation {
  if (error.kind === 'workerFailed') {
    return { what: t.problems.workerFailed, todo: t.problems.workerFailedTodo };
  }
  if (error.kind === 'purpose') {
    // The page's own words already; a path they begin with stays as it is.
    return { what: error.message, todo: error.hint ?? '' };
  }
  const said = sentence(error.message);
  const advised = error.hint === undefined ? '' : sentence(error.hint);
  const { told } = t;
  if (told === null) {
    return { what: said, todo: advised };
  }
  if (error.kind in told.plans) {
    const [what, todo] = told.plans[error.kind as PlanFailure](error.path ?? '');
    return { what, todo };
  }
  return { what: told.asSaid(`${said} ${advised}`.trim()), todo: '' };
}

function explainSave(error: SaveError): Explanation {
  switch (error.failure.kind) {
    case 'full':
      return { what: t.problems.targetFull, todo: t.problems.targetFullTodo };
    case 'refused':
      return { what: t.problems.targetRefused, todo: t.problems.targetRefusedTodo };
    case 'read':
      return { what: t.problems.readFailed, todo: t.problems.readFailedTodo };
    case 'cancelled':
      return { what: t.save.cancelled, todo: '' };
    case 'other':
      return { what: foreign(error.failure.message), todo: t.problems.fallbackTodo };
  }
}

/** By its shape: the reader of project files is loaded when one is opened. */
function explainProjectFile(error: unknown): Explanation | null {
  if (!(error instanceof Error) || error.name !== 'ProjectFileError') {
    return null;
  }
  const { problem } = error as Error & Pick<ProjectFileError, 'problem'>;
  switch (problem.kind) {
    case 'newer':
      return t.file.problems.newer(problem.version);
    case 'damaged':
      return t.file.problems.damaged(problem.where);
    default:
      return t.file.problems[problem.kind];
  }
}

export function explain(error: unknown): Explanation {
  const ofFile = explainProjectFile(error);
  if (ofFile !== null) {
    return ofFile;
  }
  if (error instanceof FileChangedError || error instanceof ChangedContentError) {
    return { what: t.problems.fileChanged(error.path), todo: t.problems.fileChangedTodo };
  }
  if (error instanceof StoreError) {
    return { what: t.store.problems[error.problem], todo: '' };
  }
  if (error instanceof AgentError) {
    return explainProblem(error.problem);
  }
  if (error instanceof PlanningError) {
    return explainPlanner(error.error);
  }
  if (error instanceof SaveError) {
    return explainSave(error);
  }
  return {
    what: foreign(error instanceof Error ? error.message : String(error)),
    todo: t.problems.fallbackTodo,
  };
}

/** A file that broke is a better reason than the read that failed: looks for one near byte `near`. */
export async function throwIfFileChanged(
  image: Pick<ReadyImage, 'findUnreadable'>,
  near: number | null,
  signal: AbortSignal,
): Promise<void> {
  const path = await image.findUnreadable(near, signal);
  if (path !== null) {
    throw new FileChangedError(path);
  }
}
