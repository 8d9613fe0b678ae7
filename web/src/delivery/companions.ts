/** Compressed forms of a file beside the file itself: `NAME.br` and `NAME.gz`, for servers to send in its place. */
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Kinds of files that become smaller; pictures are compressed already. */
const COMPRESSIBLE = /\.(?:css|html|js|json|svg|wasm|webmanifest)$/;
/** Below this, what is saved is less than a packet. */
const SMALLEST_BYTES = 512;

export interface Companion {
  readonly suffix: '.br' | '.gz';
  readonly bytes: Uint8Array;
}

/** The companions of a file, as small as they get: they are made once and sent often. */
export function companions(name: string, bytes: Uint8Array): Companion[] {
  if (!COMPRESSIBLE.test(name) || bytes.length < SMALLEST_BYTES) {
    return [];
  }
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    // One block for all of it: a hundredth less for the planner, at no cost to who decompresses it.
    [constants.BROTLI_PARAM_LGBLOCK]: constants.BROTLI_MAX_INPUT_BLOCK_BITS,
  };
  const made: Companion[] = [
    { suffix: '.br', bytes: brotliCompressSync(bytes, { params }) },
    { suffix: '.gz', bytes: gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }) },
  ];
  return made.filter((companion) => companion.bytes.length < bytes.length);
}

/** Whether a file is a companion of another. */
export function isCompanion(name: string): boolean {
  return /\.(?:br|gz)$/.test(name);
}
