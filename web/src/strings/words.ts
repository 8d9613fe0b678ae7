/**
 * Numbers, names and plurals inside sentences, by the rules of a language. What the browser knows of it comes from
 * there; what it does not know, the language says.
 */
import { createFormatter, once, type Formatter } from '../format/format.ts';

/** A word in the forms it takes beside numbers, by their names in CLDR. A form that is left out is like `other`. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** What a language does that the browser does not tell. */
export interface Habits {
  readonly quotes: readonly [opening: string, closing: string];
  /** What follows the last of the names that are listed; the number is written out already. */
  readonly more: (n: string) => string;
  /** Left out where it is written from the left. */
  readonly direction?: 'rtl';
}

export interface Words {
  readonly format: Formatter;
  readonly bytes: Formatter['bytes'];
  readonly count: Formatter['count'];
  readonly dateAndTime: Formatter['dateAndTime'];
  /** The form that goes with a number. */
  readonly form: (n: number, forms: Forms) => string;
  /** How many of something: the number and the form that goes with it. */
  readonly items: (n: number, forms: Forms) => string;
  /** A name that leaves the order of the sentence around it alone, whichever way it is written. */
  readonly isolated: (name: string) => string;
  /** The same in quotation marks. */
  readonly quoted: (name: string) => string;
  /** The first three names, quoted, and how many there are besides. */
  readonly list: (names: readonly string[]) => string;
}

const LISTED = 3;

export function createWords(tag: string, { quotes, more, direction }: Habits): Words {
  const locale = regional(tag);
  const format = createFormatter(locale);
  const rules = once(() => new Intl.PluralRules(locale));
  const lists = once(() => new Intl.ListFormat(locale));
  const form = (n: number, forms: Forms) => forms[rules().select(n)] ?? forms.other;
  const isolated = (name: string) => isolate(name, direction === 'rtl');
  const quoted = (name: string) => `${quotes[0]}${isolated(name)}${quotes[1]}`;
  return {
    format,
    bytes: format.bytes,
    count: format.count,
    dateAndTime: format.dateAndTime,
    form,
    items: (n, forms) => `${format.count(n)} ${form(n, forms)}`,
    isolated,
    quoted,
    list: (names) => {
      const rest = names.length - LISTED;
      const shown = names.slice(0, LISTED).map(quoted);
      return lists().format(rest > 0 ? [...shown, more(format.count(rest))] : shown);
    },
  };
}

/** The language as the browser's user writes it: numbers in Mexico are not those of Spain. */
function regional(tag: string): string {
  const wanted = 'navigator' in globalThis ? navigator.languages : [];
  const found = wanted.find((each) => each === tag || each.startsWith(`${tag}-`)) ?? tag;
  try {
    return Intl.getCanonicalLocales(found)[0] ?? tag;
  } catch {
    // Some systems hand on what is no tag of a language, such as `en-US@posix`.
    return tag;
  }
}

/** Characters of the scripts written from the right, and marks that make text run that way. */
const FROM_THE_RIGHT =
  /[\u0590-\u08FF\u200F\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
/** Embeddings, overrides and isolates: those left open in a name, or closed twice, would reach beyond it. */
const REACHING = /[\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Puts a name between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX 9). Plain names of a language from the left
 * need none, and stay free of characters nobody sees.
 */
function isolate(name: string, always: boolean): string {
  const bare = name.replaceAll(REACHING, '');
  return always || FROM_THE_RIGHT.test(bare) ? `\u2068${bare}\u2069` : bare;
}
