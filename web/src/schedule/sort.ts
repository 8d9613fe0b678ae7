import type { Slicer } from './slicer.ts';

/** Runs this long are sorted in one go; a run costs about a millisecond. */
const RUN = 1024;

function sortedRuns<T>(items: readonly T[], compare: (a: T, b: T) => number, start: number): T[] {
  return items.slice(start, start + RUN).sort(compare);
}

async function merge<T>(a: T[], b: T[], compare: (a: T, b: T) => number, slicer: Slicer): Promise<T[]> {
  const out: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as T;
    const right = b[j] as T;
    if (compare(left, right) <= 0) {
      out.push(left);
      i += 1;
    } else {
      out.push(right);
      j += 1;
    }
    if (out.length % 512 === 0 && slicer.due) {
      await slicer.turn();
    }
  }
  return out.concat(i < a.length ? a.slice(i) : b.slice(j));
}

/** Stable sort into a new array that never holds the page for longer than a slice. */
export async function sortInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  slicer: Slicer,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += RUN) {
    runs.push(sortedRuns(items, compare, start));
    if (slicer.due) {
      await slicer.turn();
    }
  }
  while (runs.length > 1) {
    const next: T[][] = [];
    for (let k = 0; k < runs.length; k += 2) {
      const [a, b] = [runs[k] ?? [], runs[k + 1]];
      next.push(b === undefined ? a : await merge(a, b, compare, slicer));
    }
    runs = next;
  }
  return runs[0] ?? [];
}
