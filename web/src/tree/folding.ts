const MARKS = /\p{Mark}/gu;
const ASCII = /^[\p{ASCII}]*$/u;

/** Makes of a text what is compared with others. */
export type Fold = (text: string) => string;

const made = new Map<string | undefined, Fold>();

/**
 * Folds case and accents, so that “grosse” is found as “Große” is typed without its mark. An accent that makes another
 * letter in the language stays: whoever reads Spanish does not look for “año” by “ano”.
 */
export function folding(language: string | undefined): Fold {
  const known = made.get(language);
  if (known !== undefined) {
    return known;
  }
  const fold = makeFolding(language);
  made.set(language, fold);
  return fold;
}

function makeFolding(language: string | undefined): Fold {
  const { compare } = new Intl.Collator(language, { usage: 'search', sensitivity: 'base' });
  // Turkish has another small letter for “I”.
  const hasPlainCase = 'I'.toLocaleLowerCase(language) === 'i';
  const letters = new Map<string, string>();
  const letter = (given: string): string => {
    const small = given.toLocaleLowerCase(language);
    const bare = small.normalize('NFD').replaceAll(MARKS, '');
    const folded = compare(small, bare) === 0 ? bare : small;
    letters.set(given, folded);
    return folded;
  };
  return (text) =>
    hasPlainCase && ASCII.test(text)
      ? text.toLowerCase()
      : Array.from(text.normalize('NFC'), (given) => letters.get(given) ?? letter(given)).join('');
}
