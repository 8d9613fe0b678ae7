/** The words of the start screen and of the kinds of projects, in English. */
import { bytes, isolated, items, quoted } from './words.ts';

export const projects = {
  kinds: {
    data: { title: 'Data disc', text: 'Put files and folders on a CD, DVD or Blu-ray.' },
    bootable: {
      title: 'Bootable disc or USB image',
      text: 'Make an image of an installer or rescue system that starts a PC, from a disc or a USB stick.',
    },
    video: {
      title: 'DVD or Blu-ray video',
      text: 'Put a VIDEO_TS or BDMV folder on a disc that players play.',
    },
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
    imageTitle: (name: string) => `What shall become of ${quoted(name)}?`,
    imageBurn: 'Burn this image',
    imageBurnText: 'The disc will be what is in the image. This is what you want for systems to install.',
    imageFile: 'Put it on a disc as a file',
    imageFileText: 'The disc will hold the file itself, with others if you like.',
  },
  recent: {
    title: 'Your projects',
    holds: (files: number, size: number) => `${items(files, 'file', 'files')}, ${bytes(size)}`,
    rename: (name: string) => `Rename ${isolated(name)}`,
    renameThis: 'Rename',
    newName: (name: string) => `New name for ${isolated(name)}`,
    duplicate: (name: string) => `Duplicate ${isolated(name)}`,
    duplicateThis: 'Duplicate',
    copyOf: (name: string) => `${name} (copy)`,
    remove: (name: string) => `Delete ${isolated(name)}`,
    removeThis: 'Delete',
    removeTitle: (name: string) => `Delete ${quoted(name)}?`,
    removeText: 'The project is deleted for good. Your files and the discs you burned stay as they are.',
    removed: (name: string) => `Deleted ${quoted(name)}.`,
    duplicated: (name: string) => `Duplicated ${quoted(name)}.`,
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
    damagedTitle: (name: string) => `Part of ${quoted(name)} could not be read`,
    damagedText: 'The browser lost it. What is left is shown; add what is missing again.',
  },
  file: {
    export: 'Save project',
    exportHelp: 'Save this project as a file, for another computer or to keep',
    exported: (name: string) => `Saved ${isolated(name)}. Keep it beside the folders it is made of.`,
    import: 'Open a project file',
    unknownKind: (kind: string) => `This page has no projects of the kind ${quoted(kind)}.`,
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
        what: `This project file is damaged at ${quoted(where)}.`,
        todo: 'Take another copy of it. Nothing here was changed.',
      }),
    },
  },
};
