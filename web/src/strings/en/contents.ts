/** What is on the disc: the list and working with it, in English. */
import { bytes, count, dateAndTime, isolated, items, quoted } from './words.ts';

const andMore = (first: string, more: number) =>
  `${isolated(first)}${more > 0 ? ` and ${count(more)} more` : ''}`;

export const contents = {
  contents: {
    title: 'Contents',
    addFiles: 'Add files',
    addFolder: 'Add folder',
    newFolder: 'New folder',
    newFolderName: 'New folder',
    rename: 'Rename',
    remove: 'Remove',
    removeAll: 'Remove all',
    properties: 'Properties',
    dropTitle: 'Drop files and folders here',
    dropText: 'They stay where they are: nothing is copied or uploaded until you burn.',
    dropHere: 'Drop to add to the disc',
    dropInto: (name: string) => `Drop to add to ${quoted(name)}`,
    tree: 'Contents of the disc',
    name: 'Name',
    size: 'Size',
    newName: (name: string) => `New name for ${isolated(name)}`,
    summary: (files: number, folders: number, size: number) =>
      `${items(files, 'file', 'files')}, ${items(folders, 'folder', 'folders')}, ${bytes(size)}`,
    folderSize: (files: number, size: number) => `${bytes(size)}, ${items(files, 'file', 'files')}`,
    reading: (files: number) => `Reading… ${items(files, 'file', 'files')} so far`,
    stop: 'Stop',
    added: (files: number, folders: number) =>
      files > 0 && folders > 0
        ? `Added ${items(files, 'file', 'files')} and ${items(folders, 'folder', 'folders')}.`
        : `Added ${files > 0 ? items(files, 'file', 'files') : items(folders, 'folder', 'folders')}.`,
    noFolder:
      'No folder was added. One that the browser refuses, such as all of “Documents”, can be dropped here.',
    stopped: 'Stopped. What could be read in full so far is on the list.',
    replaced: (n: number) =>
      `${items(n, 'file', 'files')} with the same name and place ${n === 1 ? 'was' : 'were'} replaced.`,
    renamed: (n: number) =>
      `${items(n, 'item', 'items')} got another name because a file and a folder had the same one.`,
    lifted: (folder: string) =>
      `What was in ${quoted(folder)} lies at the top of the disc, where it is looked for.`,
    spelt: (first: string, more: number) =>
      `${andMore(first, more)}: half a character in the name is spelt out, because no disc can hold it.`,
    removed: (n: number) => `Removed ${items(n, 'item', 'items')}.`,
    unreadableTitle: (n: number) =>
      `${items(n, 'item', 'items')} could not be read and ${n === 1 ? 'is' : 'are'} not on the disc`,
    unreadableText: (first: string, more: number) =>
      `${andMore(first, more)}. Check that you may read ${more > 0 ? 'them' : 'it'}, then add ${more > 0 ? 'them' : 'it'} again.`,
    changed: 'changed',
    shortened: 'shortened',
    changedLabel: (systems: string) => `The name changes in ${systems}`,
  },
  /** Working with the tree. */
  tree: {
    modified: 'Modified',
    kind: 'Kind',
    folder: 'Folder',
    file: 'File',
    fileOf: (extension: string) => `${isolated(extension.toUpperCase())} file`,
    date: (time: number) => (Number.isNaN(time) ? '–' : dateAndTime(time)),
    measuring: (n: number, of: number) => `Looking up sizes… ${count(n)} of ${count(of)}`,
    unknownSize: '…',
    undo: 'Undo',
    redo: 'Redo',
    undoWhat: (what: string) => `Undo: ${what}`,
    redoWhat: (what: string) => `Redo: ${what}`,
    step: {
      add: 'adding',
      remove: 'removing',
      rename: 'renaming',
      move: 'moving',
      newFolder: 'new folder',
      properties: 'changing properties',
    },
    did: {
      add: (n: number) => `Added ${items(n, 'item', 'items')}.`,
      remove: (n: number) => `Removed ${items(n, 'item', 'items')}.`,
      rename: () => 'Renamed.',
      move: (n: number) => `Moved ${items(n, 'item', 'items')}.`,
      newFolder: () => 'Made a folder.',
      properties: (n: number) => `Changed ${items(n, 'item', 'items')}.`,
    },
    cut: 'Cut',
    paste: 'Paste',
    cutDone: (n: number) => `${items(n, 'item', 'items')} cut. Paste to move ${n === 1 ? 'it' : 'them'}.`,
    commands: 'Commands',
    more: 'More commands',
    open: 'Open',
    close: 'Close',
    selectAll: 'Select all',
    addToSelection: 'Add to selection',
    takeFromSelection: 'Take out of selection',
    sortBy: 'Sort by',
    moveInto: (name: string) => `Move into ${quoted(name)}`,
    moveToTop: 'Move to the top',
    search: 'Search',
    searchLabel: 'Search names',
    searchNone: 'Nothing found',
    searchBusy: 'Searching…',
    searchCount: (n: number) => `${count(n)} found`,
    searchPlace: (at: number, n: number) => `${count(at)} of ${count(n)}`,
    searchNext: 'Next result',
    searchPrevious: 'Previous result',
    searchEnd: 'End the search',
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
