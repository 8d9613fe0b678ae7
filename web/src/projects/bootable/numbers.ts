/** Numbers of 16 bits as they are typed: `null` for nothing, `undefined` for what is none. */

export function hexadecimal(text: string): number | null | undefined {
  const digits = text.trim().replace(/^0x|h$/giu, '');
  return digits === '' ? null : /^[0-9a-f]{1,4}$/iu.test(digits) ? parseInt(digits, 16) : undefined;
}

export function wholeNumber(text: string): number | null | undefined {
  const digits = text.trim();
  if (digits === '') {
    return null;
  }
  return /^\d{1,5}$/u.test(digits) && Number(digits) <= 0xffff ? Number(digits) : undefined;
}
