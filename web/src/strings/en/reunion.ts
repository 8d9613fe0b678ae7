/** What is said where the page needs files of the user again, in English. */
import { count, items, list, quoted } from './words.ts';

export const reunion = {
  reunion: {
    title: 'Your files are needed again',
    permissionText: 'The browser asks before this page may read your files again.',
    allow: 'Allow reading',
    showText: (names: readonly string[]) =>
      `This browser forgets where files are. Drop ${list(names)} here once more, or choose them.`,
    lostText: (n: number) =>
      `${items(n, 'file is', 'files are')} not as ${n === 1 ? 'it was' : 'they were'}. Drop the folder here again, or decide what to do:`,
    from: (name: string) => `from ${quoted(name)}`,
    gone: 'not found',
    changed: 'has changed',
    showAll: (n: number) => `Show all ${count(n)}`,
    chooseFolder: 'Choose folder',
    chooseFiles: 'Choose files',
    takeChanged: (n: number) =>
      `Use ${items(n, 'changed file', 'changed files')} as ${n === 1 ? 'it is' : 'they are'}`,
    remove: (n: number) => `Leave ${items(n, 'file', 'files')} out`,
    looking: (done: number, of: number) => `Looking for your files… ${count(done)} of ${count(of)}`,
    found: (n: number) => `Found ${items(n, 'file', 'files')} again.`,
    noneFound: 'None of these files is of this project.',
    noneFoundTodo: 'Choose the same folder as before. Its name and the files in it must be the same.',
  },
};
