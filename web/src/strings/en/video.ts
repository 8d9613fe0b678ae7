/** Discs that players play, in English. */
import type { Explanation } from '../../state/explain.ts';
import { bytes, count, isolated, items, quoted } from './words.ts';

export const video = {
  video: {
    title: 'Video',
    intro:
      'Drop a VIDEO_TS folder (DVD) or a BDMV folder (Blu-ray), or the folder that holds it, as programs for films write it.',
    player: 'Plays in',
    players: { dvd: 'DVD players', bd: 'Blu-ray players' },
    none: 'Not known yet',
    complete: 'All that players look for is there.',
    mendNames: 'Correct the names',
    addAudio: 'Add an empty AUDIO_TS',
    problems: {
      noFolder: (): Explanation => ({
        what: 'There is no VIDEO_TS or BDMV folder here.',
        todo: 'Add one as a program for films writes it. Films as single files go on a data disc.',
      }),
      noVideoTs: (): Explanation => ({
        what: 'There is no VIDEO_TS folder at the top of the disc.',
        todo: 'Add it, or choose Blu-ray players.',
      }),
      noBdmv: (): Explanation => ({
        what: 'There is no BDMV folder at the top of the disc.',
        todo: 'Add it, or choose DVD players.',
      }),
      needsBridge: (): Explanation => ({
        what: 'DVD players look for ISO 9660 and UDF.',
        todo: 'Switch both on.',
      }),
      needsUdf: (): Explanation => ({ what: 'Blu-ray players look for UDF.', todo: 'Switch it on.' }),
      missing: (path: string): Explanation => ({
        what: `${isolated(path)} is missing.`,
        todo: 'Have the program that made the folder write it once more, or copy all of it again.',
      }),
      case: (first: string, name: string, n: number): Explanation => ({
        what:
          n === 1
            ? `${quoted(first)} must be called ${quoted(name)}: players tell capital and small letters apart.`
            : `${quoted(first)} and ${items(n - 1, 'other name', 'other names')} have capital or small letters in the wrong place; the first must be ${quoted(name)}.`,
        todo: 'Have the names corrected.',
      }),
      size: (path: string, size: number): Explanation => ({
        what:
          size === 0
            ? `${isolated(path)} is empty.`
            : `${isolated(path)} has ${bytes(size)}, and players read up to 1 GB.`,
        todo:
          size === 0
            ? 'Copy it again.'
            : 'Have the program that made the folder divide the film as DVDs need it.',
      }),
      noBackup: (path: string): Explanation => ({
        what: `${isolated(path)} is missing.`,
        todo: 'Players use it when the disc has scratches. It is a copy of the IFO of the same name.',
      }),
      noVideo: (path: string): Explanation => ({
        what: `${isolated(path)} is missing.`,
        todo: 'This title has no film.',
      }),
      noClip: (path: string): Explanation => ({
        what: `${isolated(path)} is missing.`,
        todo: 'Players do not play the stream it belongs to.',
      }),
      noSet: (set: string): Explanation => ({
        what: `There is no title ${isolated(set)}, but a later one.`,
        todo: 'Players count titles without a gap.',
      }),
      notInformation: (path: string): Explanation => ({
        what: `${isolated(path)} is not what its name says.`,
        todo: 'Players will not play it. Copy it again.',
      }),
      strangers: (first: string, n: number): Explanation => ({
        what:
          n === 1
            ? `No player looks for ${isolated(first)}.`
            : `No player looks for ${isolated(first)} and ${count(n - 1)} more.`,
        todo: 'They do no harm, but may be left out.',
      }),
      noAudioTs: (): Explanation => ({
        what: 'There is no AUDIO_TS folder.',
        todo: 'Some old players look for it. It may be empty.',
      }),
      noBackupFolder: (): Explanation => ({
        what: 'There is no BDMV/BACKUP folder.',
        todo: 'Players use it when the disc has scratches.',
      }),
    },
  },
};
