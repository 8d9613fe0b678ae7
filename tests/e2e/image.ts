/** The little of an image the tests read themselves. */
import { open, readFile } from 'node:fs/promises';

/** Volume Creation Date and Time of the Primary Volume Descriptor: ECMA-119 8.4.26, in block 16. */
const CREATED_AT = 16 * 2048 + 813;

/** When the volume was made, in seconds since 1970. */
export async function createdSeconds(image: string): Promise<number> {
  const file = await open(image);
  try {
    const { buffer } = await file.read(Buffer.alloc(17), 0, 17, CREATED_AT);
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(buffer.toString('latin1')) ?? [];
    const quarters = buffer.readInt8(16);
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000 - quarters * 900;
  } finally {
    await file.close();
  }
}

/** Recording Date and Time of the directory record with this identifier, in seconds since 1970. ECMA-119 9.1.5. */
export async function recordedSeconds(image: string, identifier: string): Promise<number> {
  const bytes = await readFile(image);
  // The identifier is at byte 33 of its record, the date at byte 18.
  const at = bytes.indexOf(identifier, 0, 'latin1') - 33 + 18;
  const [year = 0, month = 0, day, hour, minute, second] = bytes.subarray(at, at + 6);
  return Date.UTC(1900 + year, month - 1, day, hour, minute, second) / 1000 - bytes.readInt8(at + 6) * 900;
}
