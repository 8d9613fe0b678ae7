import type { Drive } from '../agent/types.ts';
import { t } from '../strings/strings.ts';

/** What a drive is called: two of one model differ in their device, or in the file that is their disc. */
export function driveName({ vendor, product, virtual, path }: Drive): string {
  const place = virtual ? `${t.burn.virtual}: ${path.split(/[\\/]/).at(-1) ?? path}` : path;
  return `${`${vendor} ${product}`.trim()} (${place})`;
}
