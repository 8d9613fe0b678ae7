/** Erasing a disc, in English. */
import { bytes, items } from './words.ts';

export const erase = {
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
};
