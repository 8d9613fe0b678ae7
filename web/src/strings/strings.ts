import { en, type Strings } from './en.ts';

/** The languages there are, by their BCP 47 primary tag. */
const LANGUAGES: Record<string, Strings> = { en };

/** The first of the wanted languages that there is. */
export function pickLanguage(wanted: readonly string[]): Strings {
  for (const tag of wanted) {
    const found = LANGUAGES[tag.split('-')[0]?.toLowerCase() ?? ''];
    if (found !== undefined) {
      return found;
    }
  }
  return en;
}

/** The words of this page. */
export const t: Strings = pickLanguage('navigator' in globalThis ? navigator.languages : []);
