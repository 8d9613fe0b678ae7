import type { Outline } from '../inlay/inlay.ts';

/** Why there is nothing to burn or save yet. */
export type Unready = 'empty' | 'planning' | 'planFailed' | 'absent';

/** The bytes of an image, ready to be read, and the way from them back to the user's files. */
export interface ReadyImage {
  readonly size: number;
  /** Its bytes in `[from, to)`. Rejects with what has changed of the user's files. */
  slice(from: number, to: number): Blob | Promise<Blob>;
  /** Path of a file that can no longer be read, those around byte `near` first; `null` when all can. */
  findUnreadable(near: number | null, signal?: AbortSignal): Promise<string | null>;
}

/** Called now and then while files are looked at: how many were, and how many there are. */
export type OnChecked = (checked: number, files: number) => void;

/** What can be burned: a disc that was put together, an image file, an image the agent read. */
export interface Burnable {
  /** What it is called, for questions and as the name of a file. */
  readonly name: string;
  /** What the user calls it, where that is not the same. */
  readonly title?: string;
  /** Exact, once `unready` is `null`. */
  readonly sizeBytes: number;
  readonly unready: Unready | null;
  /** Name of the image with the agent, when it has it already. */
  readonly uploaded: string | null;
  /** What is on it, for the paper in its case; absent where nobody knows. */
  outline?(): Outline;
  /** The bytes, once they are wanted. Rejects when there are none, or some file is no longer what it was. */
  open(signal: AbortSignal, onChecked?: OnChecked): Promise<ReadyImage>;
}
