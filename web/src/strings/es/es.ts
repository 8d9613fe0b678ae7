/** Every word of the page, in Spanish: neutral, and addressing people as “usted”. */
import type { Words } from '../en/en.ts';
import { advice } from './advice.ts';
import { app } from './app.ts';
import { burn } from './burn.ts';
import { contents } from './contents.ts';
import { disc } from './disc.ts';
import { problems } from './problems.ts';
import { projects } from './projects.ts';
import { format } from './words.ts';

export const es: Words = {
  first: {
    language: 'es',
    format,
    ...app,
    ...projects,
    ...contents,
    ...disc,
    ...burn,
    ...advice,
    ...problems,
  },
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
