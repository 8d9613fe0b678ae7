/**
 * Writes an image where the user wants it: straight into the file chosen in the browser's dialogue where
 * there is one, as a download elsewhere. The image is a Blob over the user's own files and is never held.
 */

/** Where an image goes. */
export type SaveTarget = { kind: 'file'; handle: FileSystemFileHandle } | { kind: 'download'; name: string };

/** Why an image was not saved. `read` means a source file failed at this byte of the image. */
export type SaveFailure =
  | { kind: 'cancelled' }
  | { kind: 'read'; offset: number }
  | { kind: 'full' }
  | { kind: 'refused' }
  | { kind: 'other'; message: string };

export class SaveError extends Error {
  readonly failure: SaveFailure;

  constructor(failure: SaveFailure) {
    super(failure.kind);
    this.name = 'SaveError';
    this.failure = failure;
  }
}

/** A file name every system takes, from the name of a volume or of an image. */
export function imageFileName(name: string): string {
  return fileName(name.replace(/\.(iso|img)$/iu, ''), 'iso');
}

/** The same for other kinds of files. */
export function fileName(name: string, extension: string): string {
  const safe = name
    .replace(/[\p{Cc}"*/:<>?\\|]/gu, '_')
    .replace(/[. ]+$/u, '')
    .trim();
  return `${safe === '' ? 'disc' : safe}.${extension}`;
}

const IMAGE: FilePickerAcceptType = { accept: { 'application/x-iso9660-image': ['.iso'] } };

/** Asks where to save. `null` when the user closed the dialogue. Must be called from a click. */
export async function chooseTarget(
  name: string,
  type: FilePickerAcceptType = IMAGE,
): Promise<SaveTarget | null> {
  if (!('showSaveFilePicker' in globalThis)) {
    return { kind: 'download', name };
  }
  try {
    const handle = await showSaveFilePicker({
      id: 'image',
      suggestedName: name,
      types: [type],
    });
    return { kind: 'file', handle };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      return null;
    }
    // Some policies and embedders offer the dialogue and then refuse it; a download still works.
    return { kind: 'download', name };
  }
}

/** What the user called it, which the dialogue lets them change. */
export function nameOf(target: SaveTarget): string {
  return target.kind === 'file' ? target.handle.name : target.name;
}

/** Saves; the dialogue has made an empty file by then, and none is left where that fails or is cancelled. */
export async function orNothing<T>(target: SaveTarget, save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    if (target.kind === 'file') {
      await removeEmpty(target.handle);
    }
    throw error;
  }
}

/** Not one that had something in it: it is as it was. */
async function removeEmpty(handle: FileSystemFileHandle & { remove?: () => Promise<void> }): Promise<void> {
  try {
    if ((await handle.getFile()).size === 0) {
      await handle.remove?.();
    }
  } catch {
    // It is gone already, or the browser may not.
  }
}

function writeFailure(error: unknown): SaveFailure {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') {
    return { kind: 'full' };
  }
  if (name === 'NotAllowedError' || name === 'NoModificationAllowedError' || name === 'NotFoundError') {
    return { kind: 'refused' };
  }
  return { kind: 'other', message: error instanceof Error ? error.message : String(error) };
}

/** The part of `FileSystemWritableFileStream` a save needs. */
export interface Sink {
  write(data: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

/** Bytes that are read at a time. */
const PIECE = 1024 * 1024;

/** What reads a file or an image piece by piece. A piece holds until the next is read. */
export interface PieceReader {
  read(): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>;
  cancel(): Promise<void>;
}

/** Readers that are waited for. */
const waiting = new Set<object>();

/**
 * Holds a reader while it is waited for. Chromium clears away a stream over files that has no bytes yet, and with it
 * whoever waits for them, when nothing that stays refers to either: a save would stop without a word.
 */
async function held<T>(reader: object, reading: Promise<T>): Promise<T> {
  waiting.add(reader);
  try {
    return await reading;
  } finally {
    waiting.delete(reader);
  }
}

/**
 * Reads every piece into the same memory, where the stream can do that. A new one for each is more than the browser
 * clears away in time: with a large image they grow to a gigabyte.
 */
export function readPieces(stream: ReadableStream<Uint8Array<ArrayBuffer>>): PieceReader {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: 'byob' });
  } catch {
    const plain = stream.getReader();
    return { read: () => held(plain, plain.read()), cancel: () => plain.cancel() };
  }
  let memory = new ArrayBuffer(PIECE);
  return {
    read: async () => {
      const piece = await held(reader, reader.read(new Uint8Array(memory)));
      if (piece.value !== undefined) {
        memory = piece.value.buffer;
      }
      return piece;
    },
    cancel: () => reader.cancel(),
  };
}

/** Bytes as browsers stream them. */
export type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * Copies an image of so many bytes, which comes in one stream or in several after each other, into a sink and closes
 * it; on any failure aborts it, so that no half image is left. What the streams' giver throws is passed on as it is.
 */
export async function copyImage(
  size: number,
  streams: Iterable<ByteStream> | AsyncIterable<ByteStream>,
  sink: Sink,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let done = 0;
  const write = async (piece: Uint8Array<ArrayBuffer>) => {
    if (signal.aborted) {
      throw new SaveError({ kind: 'cancelled' });
    }
    await written(sink.write(piece));
    done += piece.length;
    onProgress(done);
  };
  try {
    for await (const stream of streams) {
      await eachPiece(stream, write, () => new SaveError({ kind: 'read', offset: done }));
    }
    if (signal.aborted) {
      throw new SaveError({ kind: 'cancelled' });
    }
    if (done !== size) {
      throw new SaveError({ kind: 'read', offset: done });
    }
    await written(sink.close());
  } catch (error) {
    await sink.abort().catch(() => undefined);
    throw error;
  }
}

async function eachPiece(
  stream: ByteStream,
  take: (piece: Uint8Array<ArrayBuffer>) => Promise<void>,
  broken: () => Error,
): Promise<void> {
  const reader = readPieces(stream);
  try {
    for (;;) {
      const piece = await reader.read().catch(() => {
        throw broken();
      });
      if (piece.done) {
        return;
      }
      await take(piece.value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error;
  }
}

async function written(writing: Promise<void>): Promise<void> {
  await writing.catch((error: unknown) => {
    throw new SaveError(writeFailure(error));
  });
}

/** Long enough for any browser to have begun the download, after which the address is not needed. */
const REVOKE_MS = 60_000;

function download(image: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(image);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, REVOKE_MS);
}

/** Saves the image. A download is the browser's own business from here on. */
export async function saveImage(
  image: Blob,
  target: SaveTarget,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  if (target.kind === 'download') {
    download(image, target.name);
    return;
  }
  await copyImage(image.size, [image.stream()], await openSink(target.handle), onProgress, signal);
}

/** Opens a file for writing; it is replaced when the sink is closed. */
export async function openSink(handle: FileSystemFileHandle): Promise<Sink> {
  try {
    return await handle.createWritable();
  } catch (error) {
    throw new SaveError(writeFailure(error));
  }
}
