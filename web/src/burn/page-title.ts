/** The title of the page, which tells in the list of tabs how far a job is. */
import { isOver, type Job } from '../agent/types.ts';
import { viewOfJob } from './progress.ts';

/** The job to tell of: one that runs, before those that wait. */
export function jobToTell(jobs: Iterable<Job>): Job | null {
  const open = [...jobs].filter((job) => !isOver(job));
  return open.find((job) => job.state === 'running') ?? open[0] ?? null;
}

/** `title` with how far the job is in front of it; `ended` is a job that ended and was not looked at yet. */
export function pageTitle(
  title: string,
  job: Job | null,
  ended: Job | null,
  percent: (fraction: number) => string,
): string {
  if (job !== null) {
    const { fraction } = viewOfJob(job);
    return `${fraction === null ? '…' : percent(fraction)} ${title}`;
  }
  return ended === null ? title : `${ended.state === 'succeeded' ? '✓' : '✗'} ${title}`;
}
