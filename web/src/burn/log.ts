/** The log of a job in words, line by line. */
import { BLOCK_SIZE } from '../media/media.ts';
import type { Formatter } from '../format/format.ts';
import type { Job, JobLogEntry, JobSample } from '../agent/types.ts';
import type { Strings } from '../strings/en/en.ts';

export interface LogLine {
  /** Milliseconds since the job began. */
  readonly milliseconds: number;
  readonly text: string;
  /** Whether it tells of trouble, harmless or not. */
  readonly trouble: boolean;
}

/** A speed counts as another one when it is off by more than this, and stays so. */
const CHANGE = 0.15;
/** For how long it has to stay so. */
const SETTLED_MS = 5000;

/** Where the speed of a phase settled anew: discs are written in zones, and drives slow down in trouble. */
export function speedChanges(points: readonly JobSample[]): readonly JobSample[] {
  const found: JobSample[] = [];
  let present: number | null = null;
  let since: JobSample | null = null;
  for (const point of points) {
    const rate = point.bytesPerSecond;
    const differs = (from: number): boolean => Math.abs(rate - from) > from * CHANGE;
    if (present !== null && !differs(present)) {
      since = null;
    } else if (since === null || differs(since.bytesPerSecond)) {
      since = point;
    } else if (point.milliseconds - since.milliseconds >= SETTLED_MS) {
      present = rate;
      found.push(since);
      since = null;
    }
  }
  return found;
}

type Words = Pick<Strings, 'log' | 'chart' | 'format' | 'told'>;

function wordsOf(entry: JobLogEntry, words: Words, single: number | null): string {
  const { log, chart, format } = words;
  switch (entry.kind) {
    case 'phase':
      return log.phases[entry.phase];
    case 'speed':
      return log.speed(chart.rate(entry.kbPerSecond * 1000, single));
    case 'overburn':
      return log.overburn(entry.blocks);
    case 'cancelAsked':
      return log.cancelAsked;
    case 'refused': {
      const { sense, firstBlock, lastBlock, times, until, milliseconds } = entry;
      const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');
      const code = sense === null ? '' : ` (${sense.key.toString(16)}/${hex(sense.asc)}/${hex(sense.ascq)})`;
      return [
        log.refused(entry.command, entry.text + code),
        ...(firstBlock === null ? [] : [log.atBlock(firstBlock, lastBlock ?? firstBlock)]),
        ...(times === 1 ? [] : [log.times(times, format.duration((until - milliseconds) / 1000))]),
      ].join(', ');
    }
  }
}

/** All lines of a log, in the order of time, and how the job ended. */
export function logLines(
  job: Job,
  log: readonly JobLogEntry[],
  points: readonly JobSample[],
  words: Words,
  single: number | null,
  began: number | null,
): readonly LogLine[] {
  const told = log
    .filter((entry) => entry.kind !== 'phase' || entry.phase !== 'done')
    .map((entry) => ({
      milliseconds: entry.milliseconds,
      text: wordsOf(entry, words, single),
      trouble: entry.kind === 'refused' || entry.kind === 'overburn',
    }));
  const measured = speedChanges(points).map((point) => ({
    milliseconds: point.milliseconds,
    text: `${words.log.measured(words.chart.rate(point.bytesPerSecond, single))}, ${words.format.bytes(point.doneBlocks * BLOCK_SIZE)}`,
    trouble: false,
  }));
  const lines: LogLine[] = [...told, ...measured].sort((a, b) => a.milliseconds - b.milliseconds);
  if (job.finished !== null && job.state !== 'queued' && job.state !== 'running') {
    // Times of jobs are to the second; nothing comes after the end.
    const last = lines.at(-1)?.milliseconds ?? 0;
    const end = began === null ? last : Math.max(last, Date.parse(job.finished) - began);
    const detail = job.error?.detail;
    const told = detail === undefined ? '' : `: ${words.told?.asSaid(detail) ?? detail}`;
    const text = words.log.ended[job.state] + told;
    lines.push({ milliseconds: end, text, trouble: job.state === 'failed' });
  }
  return lines;
}

/** A log as plain text, with the times since it began. */
export function logText(
  head: string,
  lines: readonly LogLine[],
  foot: string | null,
  { clock }: Pick<Formatter, 'clock'>,
): string {
  const rows = lines.map(({ milliseconds, text }) => `${clock(milliseconds / 1000)}  ${text}`);
  return [head, '', ...rows, ...(foot === null ? [] : ['', foot]), ''].join('\n');
}
