/**
 * The words of the page in the language that is chosen. English comes with the page; another language is a file of the
 * shape `Strings` and a line in `LANGUAGES`, and is loaded when it is wanted.
 */
import { createSubscriber } from 'svelte/reactivity';
import { en, type Strings } from './en/en.ts';

interface Language {
  /** BCP 47 primary tag. */
  readonly tag: string;
  /** What it calls itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly load: () => Promise<Strings>;
}

/** The languages there are. */
export const LANGUAGES: readonly Language[] = [
  { tag: 'en', name: 'English', direction: 'ltr', load: () => Promise.resolve(en) },
  { tag: 'es', name: 'Español', direction: 'ltr', load: async () => (await import('./es/es.ts')).es },
];

const KEY = 'discwright.language';
let words: Strings = en;
let shown = LANGUAGES[0];
/** The last that was asked for: one that loads slowly must not take the place of a later choice. */
let wanted = shown;
let changed: () => void = () => undefined;
const follow = createSubscriber((update) => {
  changed = update;
});

/** The first of the wanted languages that there is. */
export function pickLanguage(wanted: readonly string[]): Language | undefined {
  const tags = wanted.map((tag) => tag.split('-')[0]?.toLowerCase() ?? '');
  return tags.map((tag) => LANGUAGES.find((each) => each.tag === tag)).find((found) => found !== undefined);
}

/** The words of the page; whatever shows them shows others when another language is chosen. */
export const t: Strings = new Proxy(en, {
  get: (_, section: keyof Strings) => {
    follow();
    return words[section];
  },
});

/** The language of the page, for its `lang` and `dir`. */
export const language = {
  get tag(): string {
    follow();
    return shown?.tag ?? 'en';
  },
  get direction(): 'ltr' | 'rtl' {
    follow();
    return shown?.direction ?? 'ltr';
  },
};

/** Shows the page in this language, now and on later visits. Throws when it cannot be loaded. */
export async function chooseLanguage(tag: string): Promise<void> {
  await show(pickLanguage([tag]));
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // Without storage the next visit begins with the browser's language.
  }
}

/** Shows the language chosen before, or the first of the browser's that there is. */
export async function startLanguage(): Promise<void> {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // No storage, no choice.
  }
  try {
    await show(pickLanguage([...(chosen === null ? [] : [chosen]), ...navigator.languages]));
  } catch {
    // A page in English is better than none.
  }
}

async function show(next: Language | undefined): Promise<void> {
  if (next === undefined) {
    return;
  }
  wanted = next;
  const loaded = await next.load();
  if (wanted === next && shown !== next) {
    words = loaded;
    shown = next;
    changed();
  }
}
