/** Numbers, names and plurals inside sentences, in Spanish. */
import { createWords } from '../words.ts';

const words = createWords('es', { quotes: ['«', '»'], more: (n) => `${n} más` });
export const { bytes, count, dateAndTime, form, format, isolated, list, quoted } = words;

/** «1 archivo», «2000 archivos», «1 000 000 de archivos». */
export function items(n: number, one: string, many: string): string {
  return words.items(n, { one, many: `de ${many}`, other: many });
}
