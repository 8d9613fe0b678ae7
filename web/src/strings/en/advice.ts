/** Who reads a disc, in English. */
import { items } from './words.ts';

export const advice = {
  advice: {
    title: 'Who can read it',
    all: 'Every system below reads all of it.',
    some: (n: number) => `${items(n, 'system', 'systems')} will not read all of it as it is meant.`,
    unknown: 'Told once there is something on the disc.',
    verdicts: { reads: 'reads it', partly: 'with limits', no: 'does not read it' },
    systems: {
      windows: 'Windows 7, 10 and 11',
      windowsXp: 'Windows XP',
      macos: 'macOS',
      linux: 'Linux',
      players: 'DVD and Blu-ray players',
      old: 'Car radios, older consoles and players',
    },
    reasons: {
      noFileSystem: 'knows ISO 9660 only.',
      newUdf: 'does not know this revision of UDF.',
      shortNames: 'shows short names in capitals.',
      largeFiles: 'reads only the start of files of 4 GB and more.',
      deep: 'may not see folders below the eighth level.',
      names: 'cannot open some names.',
      longPaths: 'cannot open some files: their paths are too long.',
    },
    turnOn: (system: string) => `Turn on ${system}`,
    more: 'What else to know',
  },
};
