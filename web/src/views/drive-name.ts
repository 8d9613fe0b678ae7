import type { Drive } from '../agent/types.ts';
import { t } from '../strings/strings.ts';

/** What a drive is called: two of one model differ in their device. One that is virtual is known by the file of its disc. */
export function driveName({ vendor, product, virtual, path }: Drive): string {
  return virtual
    ? `${path.split(/[\\/]/).at(-1) ?? path} (${t.burn.virtual})`
    : `${`${vendor} ${product}`.trim()} (${path})`;
}
