/**
 * The agent and the planner speak English. A language that is not English says the same in its own words: by the code
 * where there is one, and else as it was said, with a word about it.
 */

/** What happened, and what to do. */
export type Advice = readonly [what: string, todo: string];

/** Codes of the agent's failures that `agentProblems` does not have: English shows what the agent says, which is more. */
export type FailureCode =
  | 'driveUnavailable'
  | 'driveNotReady'
  | 'driveFailed'
  | 'driveRefused'
  | 'driveGone'
  | 'driveReset'
  | 'mediumRemoved'
  | 'mediumBlank'
  | 'mediumNotErasable'
  | 'mediumNotFormattable'
  | 'writeFailed'
  | 'notRecorded'
  | 'verificationFailed'
  | 'readFailed'
  | 'readIncomplete'
  | 'sourceFailed'
  | 'storeFailed'
  | 'imageUnknown'
  | 'imageChanged'
  | 'timeout'
  | 'stopping'
  | 'internal';

/** Kinds of the planner's failures that the page can come to. */
export type PlanFailure =
  | 'invalidVolumeName'
  | 'noFileSystem'
  | 'fileTooLarge'
  | 'invalidDate'
  | 'invalidName'
  | 'tooManyDirectories'
  | 'directoryTooLarge'
  | 'tooManyBlocks';

/** Why a file system does not keep a name, as the planner calls it. */
export type NameCause = 'characters' | 'length' | 'collision' | 'noSymlinks' | 'noSpecialFiles' | 'hidden';

export interface Told {
  readonly failures: Readonly<Record<FailureCode, Advice>>;
  /** `path` is empty where no file or folder is meant. */
  readonly plans: Readonly<Record<PlanFailure, (path: string) => Advice>>;
  readonly nameCauses: Readonly<Record<NameCause, string>>;
  /** Before what the agent says of a disc that cannot be written. */
  readonly refused: string;
  readonly asSaid: (text: string) => string;
}
