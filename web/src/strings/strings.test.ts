/** Every language says all there is to say, and says it itself. */
import { describe, expect, test } from 'vitest';
import { allWords, ENGLISH, LANGUAGES } from './strings.ts';

/** Texts that are the same in every language: names, and what is not made of words. */
const NAMES = new Set([
  'advice.systems.linux',
  'advice.systems.macos',
  'advice.systems.windowsXp',
  'app.name',
  'boot.tables.gpt',
  'boot.tables.mbr',
  'burn.checksum',
  'burn.speedTimes',
  'chart.rateUnit',
  'disc.systems.iso9660.name',
  'disc.systems.joliet.name',
  'disc.systems.rockRidge.name',
  'disc.systems.udf.name',
  'inlay.words.checksum',
  'systemNames.iso',
  'systemNames.iso9660',
  'systemNames.joliet',
  'systemNames.rockRidge',
  'systemNames.udf',
]);

/** Words that a language happens to share with English. */
const SHARED: Record<string, readonly string[]> = {
  es: ['boot.no', 'burn.virtual', 'properties.mode'],
};

/** What English leaves to the other languages, and their type holds them to. */
const LEFT_OUT = new Set(['language', 'format', 'told']);

type Function = (...args: unknown[]) => unknown;
type Leaf = string | Function;

/** All texts below a node, by their path. */
function leaves(node: unknown, path: readonly string[] = []): [string, Leaf][] {
  if (typeof node === 'string' || typeof node === 'function') {
    return [[path.join('.'), node as Leaf]];
  }
  if (typeof node !== 'object' || node === null) {
    throw new Error(`${path.join('.')} is no text`);
  }
  return Object.entries(node).flatMap(([key, value]) =>
    path.length === 0 && LEFT_OUT.has(key) ? [] : leaves(value, [...path, key]),
  );
}

const SAMPLES: readonly unknown[] = [2, 'Ωmega', ['Ωmega', 'Ωmega']];

/** All ways to call a function with samples. */
function calls(count: number): unknown[][] {
  return count === 0 ? [[]] : calls(count - 1).flatMap((rest) => SAMPLES.map((each) => [...rest, each]));
}

/** What a function says, called as its parameters want it: a wrong kind throws or shows. */
function said(leaf: Leaf, args: readonly unknown[]): string | null {
  if (typeof leaf === 'string') {
    return leaf;
  }
  try {
    const answer = leaf(...args);
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return /NaN|undefined|\[object|Invalid/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** Whether there is a word in it beside what was handed in. */
function hasWords(text: string): boolean {
  return /\p{Letter}{2}/u.test(text.replaceAll('Ωmega', '').replaceAll('ΩMEGA', ''));
}

/** A way to call the English text that makes sense, and what it says then. */
function example(leaf: Leaf): { args: unknown[]; text: string } {
  for (const args of calls(typeof leaf === 'string' ? 0 : leaf.length)) {
    const text = said(leaf, args);
    if (text !== null) {
      return { args, text };
    }
  }
  throw new Error('this text takes what the test does not know');
}

const english = new Map(leaves(await allWords(ENGLISH)));

describe.each(LANGUAGES.filter((each) => each !== ENGLISH))('$name', (language) => {
  const { tag } = language;
  test('says all that English says, and says it itself', async () => {
    const words = await allWords(language);
    const own = new Map(leaves(words));
    const problems: string[] = [];
    expect(words.language).toBe(tag);
    expect(words.told, 'what the agent and the planner say').not.toBeNull();
    for (const [path, leaf] of english) {
      const mine = own.get(path);
      const { args, text } = example(leaf);
      if (mine === undefined) {
        problems.push(`missing: ${path} (${text})`);
      } else if (typeof mine !== typeof leaf) {
        problems.push(`${typeof mine} instead of ${typeof leaf}: ${path}`);
      } else if (typeof mine === 'function' && mine.length !== (leaf as Function).length) {
        problems.push(`${mine.length} instead of ${(leaf as Function).length} parameters: ${path}`);
      } else if (
        said(mine, args) === text &&
        hasWords(text) &&
        !NAMES.has(path) &&
        SHARED[tag]?.includes(path) !== true
      ) {
        problems.push(`not translated: ${path} (${text})`);
      }
    }
    for (const path of own.keys()) {
      if (!english.has(path)) {
        problems.push(`not in English: ${path}`);
      }
    }
    expect(problems).toEqual([]);
  });

  test('shares no word with English that it is not known to share', async () => {
    const own = new Map(leaves(await allWords(language)));
    const stale = (SHARED[tag] ?? []).filter((path) => own.get(path) !== english.get(path));
    expect(stale, 'is translated, or gone').toEqual([]);
  });
});

describe.each(LANGUAGES)('$name', (language) => {
  test('puts every number into a sentence', async () => {
    for (const [path, leaf] of leaves(await allWords(language))) {
      const { args } = example(english.get(path) ?? leaf);
      for (const n of [0, 1, 2, 5, 21, 100, 1_000_000]) {
        const with_n = args.map((arg) => (typeof arg === 'number' ? n : arg));
        expect(said(leaf, with_n), `${path} with ${n}`).not.toBeNull();
      }
    }
  });

  // By the names of parameters: these are what users call things.
  const NAME = /^(name|names|path|first)$/;

  test('holds names of the user apart from the sentence around them', async () => {
    const open: string[] = [];
    for (const [path, leaf] of leaves(await allWords(language))) {
      const parameters = /^\(([^)]*)\)/.exec(String(leaf))?.[1]?.split(', ') ?? [];
      if (
        typeof leaf === 'string' ||
        !parameters.some((each) => NAME.test(each)) ||
        path === 'recent.copyOf'
      ) {
        continue;
      }
      const hebrew = 'שלום.txt\u202e\u2069';
      const args = parameters.map((each) => (each === 'names' ? [hebrew] : NAME.test(each) ? hebrew : 2));
      if (!String(said(leaf, args)).includes('\u2068שלום.txt\u2069')) {
        open.push(path);
      }
    }
    expect(open, 'texts that lack isolated() or quoted()').toEqual([]);
  });
});
