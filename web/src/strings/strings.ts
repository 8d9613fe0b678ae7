/**
 * The words of the page in the language that is chosen. English comes with the page; another language is an object of
 * the type `Words` and a line in `LANGUAGES`, and is loaded when it is wanted. In every language the words of some views
 * come with these.
 */
import { createSubscriber } from 'svelte/reactivity';
import { en, type Section, type Strings, type Words } from './en/en.ts';

interface Language {
  /** BCP 47 primary tag. */
  readonly tag: string;
  /** What it calls itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly load: () => Promise<Words>;
}

export const ENGLISH: Language = {
  tag: 'en',
  name: 'English',
  direction: 'ltr',
  load: () => Promise.resolve(en),
};

/** The languages there are. */
export const LANGUAGES: readonly Language[] = [
  ENGLISH,
  { tag: 'es', name: 'Español', direction: 'ltr', load: async () => (await import('./es/es.ts')).es },
];

const KEY = 'discwright.language';
/** Sections that some view has wanted. */
const wantedSections = new Set<Section>();
/** What is loaded of the language that is shown: whatever a view has waited for is there. */
let words = { ...en.first } as Strings;
let shown = ENGLISH;
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
export const t: Strings = new Proxy(words, {
  get: (_, section: keyof Strings) => {
    follow();
    return words[section];
  },
});

/** The language of the page, for its `lang` and `dir`. */
export const language = {
  get tag(): string {
    follow();
    return shown.tag;
  },
  get direction(): 'ltr' | 'rtl' {
    follow();
    return shown.direction;
  },
};

/** Loads code together with the words it shows. */
export async function withWords<Code>(code: Promise<Code>, ...sections: readonly Section[]): Promise<Code> {
  const [loaded] = await Promise.all([code, loadWords(...sections)]);
  return loaded;
}

/** Loads words that do not come with the page. Throws when they cannot be loaded. */
export async function loadWords(...sections: readonly Section[]): Promise<void> {
  for (const section of sections) {
    wantedSections.add(section);
  }
  // A language that takes the place of this one meanwhile brings the sections along.
  const into = words;
  const { later } = await shown.load();
  await Promise.all(sections.map(async (section) => Object.assign(into, await later[section]())));
}

/** Everything a language says. */
export async function allWords({ load }: Language): Promise<Strings> {
  const { first, later } = await load();
  const sections = await Promise.all(Object.values(later).map((section) => section()));
  return Object.assign({}, first, ...sections) as Strings;
}

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
  const { first, later } = await next.load();
  const loaded = { ...first } as Strings;
  // A set also goes through what is added to it meanwhile.
  for (const section of wantedSections) {
    Object.assign(loaded, await later[section]());
  }
  if (wanted === next && shown !== next) {
    words = loaded;
    shown = next;
    changed();
  }
}
