/** Dividing a set over several discs, in English. */
import { bytes, count, isolated, items, quoted } from './words.ts';

export const split = {
  split: {
    title: 'Split over several discs',
    working: (planned: number) => (planned === 0 ? 'Sorting the files…' : `Planning disc ${count(planned)}…`),
    /** A project of several. */
    name: (title: string, number: number, of: number) => `${title} (${count(number)} of ${count(of)})`,
    text: (discs: number, label: string) =>
      `${items(discs, 'disc', 'discs')} of the kind ${label}. Folders stay together where one disc holds them; no file is divided.`,
    part: (size: number, files: number) => `${bytes(size)}, ${items(files, 'file', 'files')}`,
    list: (name: string) => `Put a list of which file is on which disc on each, as ${isolated(name)}`,
    go: (discs: number) => `Make ${items(discs, 'project', 'projects')}`,
    making: 'Making the projects…',
    made: (discs: number) =>
      `Made ${items(discs, 'project', 'projects')}. They are on the start page; this one stays as it is.`,
    cancel: 'Cancel',
    tooLarge: (path: string, size: number) =>
      `${quoted(path)} has ${bytes(size)}, which is more than one such disc holds. Files are not divided.`,
    tooLargeTodo: 'Choose a larger kind of disc, or take this file out.',
    noRoom: 'The names and folders alone leave no room on such a disc.',
    noRoomTodo: 'Choose a larger kind of disc, or fewer file systems.',
  },
};
