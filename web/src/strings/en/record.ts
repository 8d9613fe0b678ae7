/** What is shown of a job over time: its chart, its map, its log, in English. */
import { bytes, count, format, items } from './words.ts';

/** 8, 5.3 */
function times(value: number): string {
  return `${count(Math.round(value * 10) / 10)}×`;
}

export const record = {
  chart: {
    titles: { writing: 'Speed of writing', verifying: 'Speed of checking', reading: 'Speed of reading' },
    speed: 'Speed',
    position: 'Position on the disc',
    buffer: 'Agent buffer',
    driveBuffer: 'Drive buffer',
    buffers: 'Buffers',
    times,
    /** A level of a scale, in megabytes per second. */
    rateTick: (bytesPerSecond: number) => count(bytesPerSecond / 1e6),
    rateUnit: 'MB/s',
    summary: (now: string, average: string, slowest: string, fastest: string, fraction: number) =>
      `At ${format.percent(fraction)}: ${now}. On average ${average}, slowest ${slowest}, fastest ${fastest}.`,
    leastBuffer: (agent: number, drive: number | null) =>
      `The agent buffer was never below ${format.percent(agent / 100)}${
        drive === null ? '' : `, the drive buffer never below ${format.percent(drive / 100)}`
      }.`,
    rate: (bytesPerSecond: number, single: number | null) =>
      single === null || single === 0
        ? format.rate(bytesPerSecond)
        : `${format.rate(bytesPerSecond)} (${times(bytesPerSecond / single)})`,
    table: 'The same as a table',
    columns: { at: 'At', time: 'Time', speed: 'Speed', buffer: 'Agent buffer', driveBuffer: 'Drive buffer' },
    unknown: '–',
  },
  sectors: {
    title: 'Map of the disc',
    states: {
      unread: 'not read yet',
      good: 'read and fine',
      weak: 'fine at the second attempt',
      failing: 'not read so far, will be tried again',
      different: 'differs from the image',
      unreadable: 'cannot be read',
    },
    weakHelp:
      'Parts that are fine at the second attempt only are often the first to go. Copy such a disc soon.',
    cell: (from: number, to: number, state: string) => `Blocks ${count(from)} to ${count(to)}: ${state}`,
    each: (size: number) => `Each square is ${bytes(size)}.`,
    summary: (parts: readonly string[]) => `Of the squares, ${parts.join(', ')}.`,
    part: (n: number, state: string) => `${count(n)}: ${state}`,
    places: (n: number) => `${items(n, 'place', 'places')} with something wrong`,
    place: (from: number, blocks: number) =>
      blocks === 1 ? `Block ${count(from)}` : `Blocks ${count(from)} to ${count(from + blocks - 1)}`,
    badBlocks: (n: number) => `${items(n, 'block', 'blocks')} in all`,
    moreBlocks: (n: number) => `and ${items(n, 'more block', 'more blocks')} in places that are not listed`,
    files: (n: number) => `${items(n, 'file is', 'files are')} hit`,
    fileBlocks: (n: number) => items(n, 'block', 'blocks'),
    moreFiles: (n: number) => `and ${items(n, 'more file', 'more files')}`,
    noFile: (n: number) => `${items(n, 'block', 'blocks')} of names, folders or filling`,
  },
  notify: {
    button: 'Notify me when done',
    on: 'You will be notified when it is done, as long as this page is open.',
    denied: 'This browser shows no notifications of this page. The title of the tab tells how far it is.',
    done: 'The disc is done',
    doneText: 'Everything went well.',
    notDone: 'The disc is not as it should be',
  },
  suspect: {
    title: 'The drive is not taken at its word',
    checked: 'Therefore every block was read back and compared, whatever was chosen.',
  },
  log: {
    title: 'What happened',
    copy: 'Copy as text',
    copied: 'Copied.',
    copyFailed: 'The browser did not allow copying. Save it as a file instead.',
    save: 'Save as a file',
    fileName: (id: string) => `discwright job ${id}.txt`,
    asked: 'Asked for',
    ended: {
      succeeded: 'Done',
      failed: 'Failed',
      cancelled: 'Given up',
    },
    phases: {
      waiting: 'Waits for the drive',
      preparing: 'Looks at drive, disc and image',
      formatting: 'Formats the disc',
      erasing: 'Erases the disc',
      writing: 'Writes',
      closing: 'Finishes the disc',
      verifying: 'Reads the disc back',
      reading: 'Reads the disc',
      done: 'Ends',
    },
    speed: (rate: string) => `The drive is told to write at up to ${rate}`,
    measured: (rate: string) => `Now at ${rate}`,
    refused: (command: string, why: string) => `${command}: ${why}`,
    atBlock: (from: number, to: number) =>
      from === to ? `at block ${count(from)}` : `at blocks ${count(from)} to ${count(to)}`,
    times: (n: number, lasted: string) => `${count(n)} times within ${lasted}`,
    overburn: (blocks: number) => `The image reaches ${items(blocks, 'block', 'blocks')} beyond the disc`,
    cancelAsked: 'Someone asks to stop',
    omitted: (n: number) => `There was no more room for ${items(n, 'entry', 'entries')}.`,
    harmless:
      'Refusals are often harmless: a buffer that is full, a command that an older drive does not know.',
    head: (kind: string, drive: string, time: string) => `${kind} in ${drive}, ${time}`,
    kinds: {
      burn: 'Burning',
      read: 'Reading',
      verify: 'Comparing',
      erase: 'Erasing',
      format: 'Formatting',
      close: 'Closing',
    },
  },
};
