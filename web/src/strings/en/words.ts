/** Numbers, dates and lists inside sentences, in English. */
import { createFormatter } from '../../format/format.ts';

export const format = createFormatter('en');
export const { bytes, count } = format;
const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export function dateAndTime(time: number): string {
  return DATE.format(time);
}

/** “1 file”, “2,000 files”. */
export function items(n: number, one: string, many: string): string {
  return n === 1 ? `1 ${one}` : `${count(n)} ${many}`;
}

/** “a”, “a” and “b”, “a”, “b” and 3 more. */
export function list(names: readonly string[]): string {
  const quoted = names.slice(0, 3).map((name) => `“${name}”`);
  const more = names.length - quoted.length;
  if (more > 0) {
    return `${quoted.join(', ')} and ${count(more)} more`;
  }
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) ?? ''}`;
}
