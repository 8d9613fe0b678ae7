/** Files and images of any length are read through one piece of memory. */

/** Bytes that are read at a time. */
const PIECE = 1024 * 1024;

/** What reads a file or an image piece by piece. A piece holds until the next is read. */
export interface PieceReader {
  read(): Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>;
  cancel(): Promise<void>;
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
    return stream.getReader();
  }
  let memory = new ArrayBuffer(PIECE);
  return {
    read: async () => {
      const piece = await reader.read(new Uint8Array(memory));
      if (piece.value !== undefined) {
        memory = piece.value.buffer;
      }
      return piece;
    },
    cancel: () => reader.cancel(),
  };
}
