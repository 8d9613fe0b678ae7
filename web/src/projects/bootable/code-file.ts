/** Start code of a master boot record, out of a file that is not on the disc. */
import { MOST_CODE, type Loader } from '../file/boot-section.ts';

export interface CodeBytes {
  readonly loader: Loader;
  readonly bytes: Uint8Array;
}

/** Bytes of `isohdpfx.bin` and its kin; what follows in an image is a pointer of that image. */
const ISOLINUX_BYTES = 432;
/** Bytes before the number of a disk and its partitions. */
const MOST_OTHER = 440;

/**
 * The code a file consists of, or that of an image that starts from a USB stick, which is its first sector; `null` when
 * there is none.
 */
export async function codeIn(file: Blob): Promise<CodeBytes | null> {
  const bytes = new Uint8Array(await file.slice(0, MOST_CODE).arrayBuffer());
  const text = String.fromCharCode(...bytes);
  const isIsolinux = text.slice(0, MOST_OTHER).includes('isolinux');
  const isGrub = text.includes('GRUB');
  if (file.size > MOST_CODE) {
    const isRecord = bytes[510] === 0x55 && bytes[511] === 0xaa;
    return !isRecord || !(isIsolinux || isGrub)
      ? null
      : isIsolinux
        ? { loader: 'isolinux', bytes: bytes.slice(0, ISOLINUX_BYTES) }
        : { loader: 'grub2', bytes };
  }
  if (bytes.length === MOST_CODE && isGrub) {
    return { loader: 'grub2', bytes };
  }
  if (bytes.length === 0 || bytes.length > MOST_OTHER) {
    return null;
  }
  return { loader: isIsolinux ? 'isolinux' : 'other', bytes };
}
