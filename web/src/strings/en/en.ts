/**
 * Every word of the page, in English. Another language is a folder, or a file, with the same shape (`Strings`), listed
 * in `strings.ts`. Texts with parts are functions, so that each language orders its words as it must.
 */
import { advice } from './advice.ts';
import { app } from './app.ts';
import { boot } from './boot.ts';
import { burn } from './burn.ts';
import { contents } from './contents.ts';
import { disc } from './disc.ts';
import { inlay } from './inlay.ts';
import { problems } from './problems.ts';
import { projects } from './projects.ts';
import { properties } from './properties.ts';
import { record } from './record.ts';
import { split } from './split.ts';
import { video } from './video.ts';
import { format } from './words.ts';

export const en = {
  language: 'en',
  format,
  ...app,
  ...projects,
  ...boot,
  ...video,
  ...contents,
  ...properties,
  ...disc,
  ...burn,
  ...record,
  ...advice,
  ...split,
  ...inlay,
  ...problems,
};

export type Strings = typeof en;
