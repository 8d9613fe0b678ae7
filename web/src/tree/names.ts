/** Names of streams, as whoever edits or reads them checks them. */

/** A name that no stream can have, and why. */
export type StreamNameProblem = 'empty' | 'dots' | 'slash' | 'nul' | 'halves' | 'long' | 'taken';

/** Most bytes of a name as UDF records it, that of the kind of its characters left out. UDF 2.1.1. */
const NAME_BYTES = 254;

/** Bytes that UDF records a name in: one for each character where all are of Latin-1, else two for each unit of UTF-16. */
function recordedBytes(name: string): number {
  const isLatin = Array.from(name).every((character) => (character.codePointAt(0) ?? 0) <= 0xff);
  return isLatin ? name.length : name.length * 2;
}

/** What the planner minds about the name of a stream, `others` being the names of the other streams of its entry. */
export function checkStreamName(name: string, others: readonly string[] = []): StreamNameProblem | null {
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
  if (/\p{Surrogate}/u.test(name)) {
    return 'halves';
  }
  if (recordedBytes(name) > NAME_BYTES) {
    return 'long';
  }
  return others.includes(name) ? 'taken' : null;
}
