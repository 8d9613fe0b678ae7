/** Numbers, names and plurals inside sentences, in English. */
import { createWords } from '../words.ts';

const words = createWords('en', { quotes: ['“', '”'], more: (n) => `${n} more` });
export const { bytes, count, dateAndTime, form, format, isolated, list, quoted } = words;

/** “1 file”, “2,000 files”. */
export function items(n: number, one: string, many: string): string {
  return words.items(n, { one, other: many });
}
