/**
 * Numbers to read out. They change seldom: a screen reader that is told each of them says nothing else, or nothing at all.
 */

/** How much of a whole, in tenths of it. */
export function spokenPart(done: number, total: number): number {
  return total === 0 ? 0 : Math.floor((Math.floor((done / total) * 10) * total) / 10);
}

/** How many, where nobody knows of how many: 7, 70, 700, and nothing between these and 8, 80, 800. */
export function spokenCount(n: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, n)));
  return Math.floor(n / step) * step;
}
