/** The words of the start screen and of the kinds of projects, in English. */
import { createFormatter } from '../format/format.ts';

const { bytes, count } = createFormatter('en');

function items(n: number, one: string, many: string): string {
  return n === 1 ? `1 ${one}` : `${count(n)} ${many}`;
}

/** “a”, “a” and “b”, “a”, “b” and 3 more. */
function list(names: readonly string[]): string {
  const quoted = names.slice(0, 3).map((name) => `“${name}”`);
  const more = names.length - quoted.length;
  if (more > 0) {
    return `${quoted.join(', ')} and ${count(more)} more`;
  }
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) ?? ''}`;
}

export const projects = {
  kinds: {
    data: { title: 'Data disc', text: 'Put files and folders on a CD, DVD or Blu-ray.' },
    image: { title: 'Burn an image', text: 'You have an .iso file and want it on a disc.' },
    copy: { title: 'Copy or read a disc', text: 'Save a disc as a file, or make another one of it.' },
    erase: { title: 'Erase a disc', text: 'Make a rewritable disc blank again.' },
  },
  start: {
    title: 'What would you like to do?',
    dropHint: 'Or drop files and folders anywhere on this page to start a data disc.',
    guide: 'User guide',
    dropNow: 'Drop to start a disc',
    back: 'Start',
    loading: 'Opening…',
    gone: 'This project is not here',
    goneText: 'It was deleted, or was made in another browser.',
    elsewhere: 'This project is open in another window',
    elsewhereText: 'Close it there, so that no work is lost, and try again.',
    failed: 'This could not be opened',
    again: 'Try again',
    imageTitle: (name: string) => `What shall become of “${name}”?`,
    imageBurn: 'Burn this image',
    imageBurnText: 'The disc will be what is in the image. This is what you want for systems to install.',
    imageFile: 'Put it on a disc as a file',
    imageFileText: 'The disc will hold the file itself, with others if you like.',
  },
  recent: {
    title: 'Your projects',
    holds: (files: number, size: number) => `${items(files, 'file', 'files')}, ${bytes(size)}`,
    rename: (name: string) => `Rename ${name}`,
    renameThis: 'Rename',
    newName: (name: string) => `New name for ${name}`,
    duplicate: (name: string) => `Duplicate ${name}`,
    duplicateThis: 'Duplicate',
    copyOf: (name: string) => `${name} (copy)`,
    remove: (name: string) => `Delete ${name}`,
    removeThis: 'Delete',
    removeTitle: (name: string) => `Delete “${name}”?`,
    removeText: 'The project is deleted for good. Your files and the discs you burned stay as they are.',
    removeGo: 'Delete',
  },
  store: {
    states: { kept: 'Saved', changed: 'Saving…', keeping: 'Saving…' },
    notKept: 'Not saved',
    again: 'Try again',
    problems: {
      full: 'The browser has no more room for this project. It stays here while the page is open. Delete projects you no longer need, or save this one as a file.',
      damaged:
        'What the browser kept cannot be read. What you do now stays while the page is open: save it as a file.',
      refused:
        'This browser keeps no projects here, as in a private window. What you do stays while the page is open: save it as a file.',
    },
    damagedTitle: (name: string) => `Part of “${name}” could not be read`,
    damagedText: 'The browser lost it. What is left is shown; add what is missing again.',
  },
  reunion: {
    title: 'Your files are needed again',
    permissionText: 'The browser asks before this page may read your files again.',
    allow: 'Allow reading',
    showText: (names: readonly string[]) =>
      `This browser forgets where files are. Drop ${list(names)} here once more, or choose them.`,
    lostText: (n: number) =>
      `${items(n, 'file is', 'files are')} not as ${n === 1 ? 'it was' : 'they were'}. Drop the folder here again, or decide what to do:`,
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
  file: {
    export: 'Save project',
    exportHelp: 'Save this project as a file, for another computer or to keep',
    exported: (name: string) => `Saved ${name}. Keep it beside the folders it is made of.`,
    import: 'Open a project file',
    unknownKind: (kind: string) => `This page has no projects of the kind “${kind}”.`,
    problems: {
      notJson: {
        what: 'This file is cut short or damaged.',
        todo: 'Take another copy of it. Nothing here was changed.',
      },
      notAProject: {
        what: 'This is not a discwright project.',
        todo: 'Choose a file that ends in .discwright.',
      },
      newer: (version: number) => ({
        what: `This project was saved by a newer discwright${version > 0 ? ` (version ${version} of the format)` : ''}.`,
        todo: 'Get the newest discwright to open it.',
      }),
      damaged: (where: string) => ({
        what: `This project file is damaged at “${where}”.`,
        todo: 'Take another copy of it. Nothing here was changed.',
      }),
    },
  },
  image: {
    title: 'Image',
    dropTitle: 'Drop the image here',
    dropText: 'A file that ends in .iso or .img, as you download systems to install.',
    choose: 'Choose image',
    chooseOther: 'Choose another',
    file: 'File',
    size: 'Size',
    exact: (size: number) => `exactly ${count(size)} bytes`,
    fits: 'Fits on',
    fitsNone: 'No disc is large enough',
    sum: 'Work out',
    summing: 'Working out SHA-256',
    stop: 'Stop',
    showAgain: (name: string) => `This browser forgets where files are. Choose “${name}” again.`,
    another: (name: string) => `This is another file than “${name}”. It takes its place.`,
    noFile: 'That is not a file.',
    noFileTodo: 'Drop one image file.',
    lost: (name: string) => `“${name}” is not where it was.`,
    lostTodo: 'Choose it again.',
  },
  erase: {
    title: 'Which disc?',
    running: 'Erasing',
    text: 'Only rewritable discs (CD-RW, DVD-RW, DVD+RW, DVD-RAM, BD-RE) can be erased.',
    isBlank: 'This disc is blank already.',
    onDisc: (size: number, sessions: number, tracks: number) =>
      `On it now: ${size > 0 ? `${bytes(size)} in ` : ''}${items(sessions, 'session', 'sessions')} with ${items(tracks, 'track', 'tracks')}.`,
    how: 'How thoroughly?',
    quick: 'Quickly',
    quickText: 'A minute or two. The disc looks blank, but special tools may still find what was on it.',
    full: 'All of it',
    fullText: 'As long as burning a full disc. Every part is written over.',
    button: 'Erase disc',
    notNow: {
      noDrive: 'No burner found.',
      noMedium: 'Put the disc into the drive.',
      busy: 'The drive is doing something else.',
      once: 'This disc can be written only once. It cannot be erased.',
    },
    confirmTitle: 'Erase this disc?',
    confirmText: (label: string, drive: string) =>
      `Everything on the ${label} in ${drive} will be lost. That cannot be undone.`,
    confirmBlank: (label: string) => `The ${label} is blank already. Erasing it again takes nothing away.`,
    confirmGo: 'Erase',
    done: 'The disc is erased',
    failed: 'The disc was not erased',
    cancelled: 'Erasing was stopped',
    cancel: 'Stop erasing',
    another: 'Erase another',
  },
  copy: {
    title: 'Which disc?',
    readTitle: 'The disc was read',
    text: 'The disc is read into an image. You can then save that as a file or burn it to another disc.',
    button: 'Read disc',
    notNow: {
      noDrive: 'No drive found.',
      noMedium: 'Put the disc into the drive.',
      busy: 'The drive is doing something else.',
      blank: 'This disc is blank: there is nothing to read.',
    },
    done: 'Every part of the disc was read',
    failed: 'The disc was not read',
    cancelled: 'Reading was stopped',
    cancel: 'Stop reading',
    damaged: (blocks: number) =>
      `${items(blocks, 'block', 'blocks')} of the disc could not be read and ${blocks === 1 ? 'is' : 'are'} empty in the image. These files are hit:`,
    next: (size: number) => `The image has ${bytes(size)}. The agent keeps it for a while.`,
    save: 'Save as a file',
    onto: 'To make a copy, put a blank or rewritable disc into a drive.',
    another: 'Read another disc',
  },
};
