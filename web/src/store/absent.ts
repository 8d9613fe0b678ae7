/** Files of a project that was opened again: known by name, size and date, but not yet found. */

/**
 * Stands where a `File` will be. The tree and the planner need no more than this of a file; only its bytes are not
 * there, and nothing is put together before all have been found.
 */
export class AbsentFile {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;

  private constructor(name: string, size: number, lastModified: number) {
    this.name = name;
    this.size = size;
    this.lastModified = lastModified;
  }

  /** As the tree takes it. */
  static of(name: string, size: number, lastModified: number): File {
    return new AbsentFile(name, size, lastModified) as unknown as File;
  }
}

export function isAbsent(file: File): boolean {
  return (file as unknown) instanceof AbsentFile;
}
