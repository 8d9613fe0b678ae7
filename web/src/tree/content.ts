/** What a file consists of, as far as the tree and the planner need to know it. A `File` is one. */
export interface FileContent {
  readonly size: number;
  /** Unix milliseconds. */
  readonly lastModified: number;
}

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

function open(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/**
 * A dropped file that is opened only when its bytes are wanted. Every open file costs the browser about a
 * millisecond and several kilobytes, which a hundred thousand of them make a minute and half a gigabyte.
 */
export class UnopenedFile implements FileContent {
  size = 0;
  lastModified = Number.NaN;
  readonly #entry: FileSystemFileEntry;
  #file: File | null = null;

  constructor(entry: FileSystemFileEntry) {
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
    const entry = this.#entry as FileSystemFileEntry & WithMetadata;
    if (entry.getMetadata === undefined) {
      this.#file = await open(entry);
      ({ size: this.size, lastModified: this.lastModified } = this.#file);
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
    const file = await open(this.#entry);
    if (file.size !== this.size || file.lastModified !== this.lastModified) {
      throw new ChangedContentError(file.name);
    }
    this.#file = file;
    return file;
  }
}
