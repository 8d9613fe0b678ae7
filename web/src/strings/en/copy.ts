/** Reading a disc, in English. */
import { bytes, items } from './words.ts';

export const copy = {
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
      `${items(blocks, 'block', 'blocks')} of the disc could not be read and ${blocks === 1 ? 'is' : 'are'} empty in the image. The map below shows where.`,
    next: (size: number) => `The image has ${bytes(size)}. The agent keeps it for a while.`,
    save: 'Save as a file',
    onto: 'To make a copy, put a blank or rewritable disc into a drive.',
    another: 'Read another disc',
  },
};
