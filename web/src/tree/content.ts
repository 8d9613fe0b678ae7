/** What a file consists of, as far as the tree and the planner need to know it. A `File` is one. */
export interface FileContent {
  readonly size: number;
  /** Unix milliseconds. */
  readonly lastModified: number;
}

import { openDiskFile, type DiskFile } from './given.ts';

/** A file is no longer what it was when it was added. */
export class ChangedContentError extends Error {
  readonly path: string;

  constructor(path: string) {
    super(path);
    this.path = path;
    this.name = 'ChangedContentError';
  }
}

/** Metadata of an entry: Chromium alone has it, and gives it for a third of what opening the file costs. */
interface WithMetadata {
  getMetadata?: (take: (metadata: { size: number; modificationTime: Date }) => void, refuse: Refuse) => void;
}

type Refuse = (error: unknown) => void;

/**
 * A file that is opened only when its bytes are wanted. Every open file costs the browser about a
 * millisecond and several kilobytes, which a hundred thousand of them make a minute and half a gigabyte.
 */
export class UnopenedFile implements FileContent {
  size = 0;
  lastModified = Number.NaN;
  readonly #entry: DiskFile;
  #file: File | null = null;

  constructor(entry: DiskFile) {
    this.#entry = entry;
  }

  /** Whether size and time are known. */
  get measured(): boolean {
    return !Number.isNaN(this.lastModified);
  }

  /** The file, if it has been opened. */
  get file(): File | null {
    return this.#file;
  }

  /** Finds out size and time. Rejects when the browser may not read the file. */
  async measure(): Promise<void> {
    const entry = this.#entry as DiskFile & WithMetadata;
    if (entry.getMetadata === undefined) {
      const file = await openDiskFile(entry);
      ({ size: this.size, lastModified: this.lastModified } = file);
      // One with a handle is opened as quickly again.
      this.#file = 'kind' in entry ? null : file;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      entry.getMetadata?.(({ size, modificationTime }) => {
        this.size = size;
        this.lastModified = modificationTime.getTime();
        resolve();
      }, reject);
    });
  }

  /** Opens the file, which must still be what was measured. */
  async open(): Promise<File> {
    if (this.#file !== null) {
      return this.#file;
    }
    const file = await openDiskFile(this.#entry);
    if (file.size !== this.size || file.lastModified !== this.lastModified) {
      throw new ChangedContentError(file.name);
    }
    this.#file = file;
    return file;
  }
}
