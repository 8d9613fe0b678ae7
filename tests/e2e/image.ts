/** The little of an image the tests read themselves. */
import { open } from 'node:fs/promises';

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
