import { answerOf } from './answers.ts';
import { openDiskFile, type DiskFile } from './given.ts';

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

interface Metadata {
  readonly size: number;
  readonly modificationTime: Date;
}

/** Chromium alone tells the metadata of an entry, for a third of what opening the file costs. */
interface WithMetadata {
  getMetadata?: (take: (metadata: Metadata) => void, refuse: (error: unknown) => void) => void;
}

/** What tells size and time of a file: the file itself, where the browser tells them no other way. */
function look(entry: DiskFile & WithMetadata): Promise<Metadata | File> {
  if (entry.getMetadata === undefined) {
    return openDiskFile(entry);
  }
  return answerOf<Metadata>((take, refuse) => {
    entry.getMetadata?.(take, refuse);
  });
}

function timeOf(found: Metadata | File): number {
  return 'modificationTime' in found ? found.modificationTime.getTime() : found.lastModified;
}

/**
 * A file that is opened only when its bytes are wanted. Every open file costs the browser about a
 * millisecond and several kilobytes, which a hundred thousand of them make a minute and half a gigabyte.
 */
export class UnopenedFile implements FileContent {
  size = 0;
  lastModified = Number.NaN;
  #entry: DiskFile | null;
  #file: File | null = null;
  readonly #folder: FileSystemDirectoryEntry | null;
  readonly #name: string;

  /** An entry that was listed in a folder is given up once it is measured: a hundred thousand weigh on the page. */
  constructor(entry: DiskFile, folder: FileSystemDirectoryEntry | null = null) {
    this.#entry = entry;
    this.#folder = folder;
    this.#name = entry.name;
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
    const entry = this.#entry ?? (await this.#find());
    const found = await look(entry);
    this.size = found.size;
    this.lastModified = timeOf(found);
    // One with a handle is opened as quickly again.
    this.#file = found instanceof File && !('kind' in entry) ? found : null;
    if (this.#folder !== null) {
      this.#entry = null;
    }
  }

  /** Rejects when the file is no longer what was measured. */
  async check(): Promise<void> {
    if (this.#file === null) {
      const found = await look(this.#entry ?? (await this.#find()));
      this.#compare(found.size, timeOf(found));
    }
  }

  /** Opens the file, which must still be what was measured. */
  async open(): Promise<File> {
    this.#file ??= await this.openOnce();
    return this.#file;
  }

  /** The same, for as long as whoever asks holds it. */
  async openOnce(): Promise<File> {
    const file = this.#file ?? (await openDiskFile(this.#entry ?? (await this.#find())));
    this.#compare(file.size, file.lastModified);
    return file;
  }

  /** The entry that was given up. */
  #find(): Promise<DiskFile> {
    return answerOf((take: (entry: FileSystemFileEntry) => void, refuse) => {
      this.#folder?.getFile(this.#name, {}, take as FileSystemEntryCallback, refuse);
    });
  }

  #compare(size: number, lastModified: number): void {
    if (size !== this.size || lastModified !== this.lastModified) {
      throw new ChangedContentError(this.#name);
    }
  }
}

/** Whether a file is in the tree by its name alone, with no size yet. */
export function isUnmeasured(file: FileContent): file is UnopenedFile {
  return file instanceof UnopenedFile && !file.measured;
}
