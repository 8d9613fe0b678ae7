/** Files of a project that was opened again: known by size and date, but not yet found. */
import type { FileContent } from '../tree/content.ts';

/**
 * Stands where a file will be. The tree and the planner need no more of one; only its bytes are not there, and nothing
 * is put together before all have been found.
 */
export class AbsentFile implements FileContent {
  readonly size: number;
  readonly lastModified: number;

  constructor(size: number, lastModified: number) {
    this.size = size;
    this.lastModified = lastModified;
  }

  /** Whether that may be the file: anything may, where it was kept before its size and time were known. */
  isLike({ size, lastModified }: FileContent): boolean {
    return Number.isNaN(this.lastModified) || (size === this.size && lastModified === this.lastModified);
  }
}
