/** Every word of the page, in Spanish: neutral, and addressing people as “usted”. */
import type { Strings } from '../en/en.ts';
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

export const es: Strings = {
  language: 'es',
  format,
  ...app,
  ...projects,
  ...contents,
  ...properties,
  ...disc,
  ...burn,
  ...advice,
  ...inlay,
  ...record,
  ...split,
  ...boot,
  ...video,
  ...problems,
};
