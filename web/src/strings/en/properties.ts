/** What is said of one file or folder, in English. */
import { count, items, quoted } from './words.ts';

export const properties = {
  properties: {
    command: 'Properties',
    title: (name: string) => `Properties of ${quoted(name)}`,
    titleMany: (n: number) => `Properties of ${items(n, 'item', 'items')}`,
    path: 'Path',
    top: 'Top of the disc',
    size: 'Size',
    contains: 'Contains',
    counted: (files: number, folders: number) =>
      `${items(files, 'file', 'files')}, ${items(folders, 'folder', 'folders')}`,
    times: 'Dates',
    modified: 'Modified',
    created: 'Created',
    access: 'Permissions',
    accessHelp: 'For Linux, macOS and BSD: Rock Ridge and UDF keep them.',
    mode: 'Octal',
    modeProblem: 'Up to four digits from 0 to 7.',
    classes: { user: 'Owner', group: 'Group', others: 'Others' },
    bits: { read: 'Read', write: 'Write', execute: 'Execute' },
    permit: (who: string, what: string) => `${who}: ${what}`,
    uid: 'Owner number',
    gid: 'Group number',
    visibility: 'Visibility',
    hidden: 'Mark as hidden',
    leftOut: 'Leave out of',
    order: 'Place on the disc',
    weight: 'Weight',
    weightHelp: 'Heavier files lie nearer to the beginning, where they are found sooner.',
    rangeProblem: (least: number, most: number) =>
      `A whole number from ${count(least)} to ${count(most)}, please.`,
    names: 'Name on the disc',
    mixed: 'Different',
    default: 'Default',
    save: 'Apply',
    cancel: 'Cancel',
  },
  nameProblems: {
    empty: 'Give it a name.',
    dots: '“.” and “..” have a meaning of their own. Choose another name.',
    slash: 'A name cannot contain “/”.',
    halves: 'Half a character is in the name, which no disc can hold. Type it anew.',
    nul: 'A name cannot contain a NUL character.',
    taken: 'There is already something with this name here.',
  },
};
