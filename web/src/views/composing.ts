const NO_KEY = 229;

/**
 * Whether a key press belongs to text that is still being put together, as Japanese is: Enter then takes what is proposed,
 * and means nothing more. Safari ends the text first, and says so by a code that stands for no key.
 */
export function isComposing(event: KeyboardEvent): boolean {
  const { keyCode } = event as unknown as { keyCode: number };
  return event.isComposing || keyCode === NO_KEY;
}
