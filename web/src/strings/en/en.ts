/**
 * Every word of the page, in English. Another language is a folder with the same shape (`Words`), listed in
 * `strings.ts`. Texts with parts are functions, so that each language orders its words as it must.
 */
import { advice } from './advice.ts';
import { app } from './app.ts';
import type { boot } from './boot.ts';
import { burn } from './burn.ts';
import { contents } from './contents.ts';
import type { copy } from './copy.ts';
import { disc } from './disc.ts';
import type { erase } from './erase.ts';
import type { image } from './image.ts';
import type { inlay } from './inlay.ts';
import { problems } from './problems.ts';
import { projects } from './projects.ts';
import type { properties } from './properties.ts';
import type { record } from './record.ts';
import type { reunion } from './reunion.ts';
import type { split } from './split.ts';
import type { video } from './video.ts';
import { format } from './words.ts';

export const en = {
  /** What comes with the page. */
  first: {
    language: 'en',
    format,
    ...app,
    ...projects,
    ...contents,
    ...disc,
    ...burn,
    ...advice,
    ...problems,
  },
  /** What comes with the views that show it. */
  later: {
    boot: async () => (await import('./boot.ts')).boot,
    copy: async () => (await import('./copy.ts')).copy,
    erase: async () => (await import('./erase.ts')).erase,
    image: async () => (await import('./image.ts')).image,
    inlay: async () => (await import('./inlay.ts')).inlay,
    properties: async () => (await import('./properties.ts')).properties,
    record: async () => (await import('./record.ts')).record,
    reunion: async () => (await import('./reunion.ts')).reunion,
    split: async () => (await import('./split.ts')).split,
    video: async () => (await import('./video.ts')).video,
  },
};

export type Words = typeof en;
/** Words that are loaded together, after the page. */
export type Section = keyof Words['later'];
/** All words, as if they were there from the beginning. */
export type Strings = Words['first'] &
  typeof boot &
  typeof copy &
  typeof erase &
  typeof image &
  typeof inlay &
  typeof properties &
  typeof record &
  typeof reunion &
  typeof split &
  typeof video;
