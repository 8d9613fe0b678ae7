/** Where the recordable area begins, in percent of the radius. */
const INNER = 36;

/** Radius up to which a disc is written, in percent: area, not radius, grows with the bytes. */
export function discEdge(fraction: number): number {
  const share = Math.max(0, Math.min(1, fraction));
  return Math.sqrt(INNER ** 2 + share * (100 ** 2 - INNER ** 2));
}
