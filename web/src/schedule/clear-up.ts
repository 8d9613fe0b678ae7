/** A little more than what Chromium lets hang on a page's objects before it looks whether they are still needed. */
const ENOUGH = 80 << 20;

/**
 * Has the browser clear up, soon and beside other work, what the page no longer needs.
 *
 * Chromium does so when the scripts' own objects have grown; those it makes for its answers weigh little in that, and are a
 * hundred megabytes by the time that 200,000 files have been looked at. It also does when much memory hangs on what scripts
 * hold. This array's is given back before it is ever touched, so that it takes none of the machine's.
 */
export function askToClearUp(): void {
  try {
    new Uint8Array(ENOUGH).fill(0, 0, 1);
  } catch {
    // There is no room to ask: then the browser clears up of its own accord.
  }
}
