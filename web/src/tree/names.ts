/** Names of entries and of their streams, as whoever edits or reads them checks them. */

/** Why no text on a disc can be the name. */
type TextProblem = 'empty' | 'dots' | 'slash' | 'nul' | 'halves';

/** A name that no entry can have, and why. */
export type NameProblem = TextProblem | 'taken';

/** A name that no stream can have, and why. */
export type StreamNameProblem = TextProblem | 'long' | 'taken';

/** Halves of UTF-16 pairs without the other half: Windows allows them in names, no text on a disc can hold them. */
const HALVES = /\p{Surrogate}/u;

/** Most bytes of a name as UDF records it, that of the kind of its characters left out. UDF 2.1.1. */
const NAME_BYTES = 254;

function textProblem(name: string): TextProblem | null {
  if (name === '') {
    return 'empty';
  }
  if (name === '.' || name === '..') {
    return 'dots';
  }
  if (name.includes('/')) {
    return 'slash';
  }
  if (name.includes('\0')) {
    return 'nul';
  }
  return HALVES.test(name) ? 'halves' : null;
}

/** Whether a name can stand in any directory at all, before any file system's own limits. */
export function checkName(name: string): NameProblem | null {
  return name.trim() === '' ? 'empty' : textProblem(name);
}

/** What the planner minds about the name of a stream, `others` being the names of the other streams of its entry. */
export function checkStreamName(name: string, others: readonly string[] = []): StreamNameProblem | null {
  const problem = textProblem(name);
  if (problem !== null) {
    return problem;
  }
  if (recordedBytes(name) > NAME_BYTES) {
    return 'long';
  }
  return others.includes(name) ? 'taken' : null;
}

/** Bytes that UDF records a name in: one for each character where all are of Latin-1, else two for each unit of UTF-16. */
function recordedBytes(name: string): number {
  const isLatin = Array.from(name).every((character) => (character.codePointAt(0) ?? 0) <= 0xff);
  return isLatin ? name.length : name.length * 2;
}

/** The name with halves of pairs spelt out, so that none of them is lost and two names stay two. */
export function spelt(name: string): string {
  if (!HALVES.test(name)) {
    return name;
  }
  const code = (half: string): string => half.charCodeAt(0).toString(16).toUpperCase();
  return name.replaceAll(new RegExp(HALVES, 'gu'), (half) => `[U+${code(half)}]`);
}
