import type { ImageFailure } from '../pkg/image_wasm.js';

/** Why an image cannot be made or read. `kind` is stable and for programs, `message` and `hint` are for people. */
export class ImageError extends Error {
  /** Stable name of the cause. */
  readonly kind: string;
  /** The entry at fault, by its path in the image. */
  readonly path?: string;
  /** What to do about it. */
  readonly hint?: string;

  constructor(failure: ImageFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'ImageError';
    this.kind = failure.kind;
    if (failure.path !== undefined) {
      this.path = failure.path;
    }
    if (failure.hint !== undefined) {
      this.hint = failure.hint;
    }
  }
}

/** What the WebAssembly modules throw is a plain object; everything else stays what it is. */
export function asError(thrown: unknown): unknown {
  const isFailure =
    typeof thrown === 'object' &&
    thrown !== null &&
    !(thrown instanceof Error) &&
    'kind' in thrown &&
    'message' in thrown;
  return isFailure ? new ImageError(thrown as ImageFailure) : thrown;
}

/** Does `work`, with failures of the WebAssembly modules as errors. */
export function checked<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw asError(thrown);
  }
}
