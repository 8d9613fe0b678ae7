import { isOver, type Job } from '../agent/types.ts';
import { jobToTell } from '../burn/page-title.ts';
import { loadWords, t } from '../strings/strings.ts';
import type { Agent } from './agent.svelte.ts';
import { explainProblem } from './explain.ts';

/** Whether the end of a job is told by the system: not asked for, told, or not allowed. */
export type NoticeState = 'off' | 'on' | 'denied';

/** The job whose end was asked for, kept so that a reload forgets no promise. */
const KEY = 'discwright.notify';

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(id: string | null): void {
  try {
    if (id === null) {
      sessionStorage.removeItem(KEY);
    } else {
      sessionStorage.setItem(KEY, id);
    }
  } catch {
    // Without storage the promise holds until the page is loaded again.
  }
}

/** Tells that a job has ended, by the system where the user asked for it, and in the title of the page anyway. */
export class FinishNotice {
  /** Job whose end is told by the system. */
  #wanted = $state.raw(stored());
  denied = $state(false);
  /** A job that ended while nobody looked. */
  ended = $state.raw<Job | null>(null);

  readonly #agent: Agent;
  #watched: Job | null = null;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  stateOf(job: Job): NoticeState {
    return this.#wanted === job.id ? 'on' : this.denied ? 'denied' : 'off';
  }

  /** The job that runs. */
  get job(): Job | null {
    return jobToTell(this.#agent.jobs.values());
  }

  /** Asks the browser, which asks the user. Must be called from a click. */
  async ask(job: Job): Promise<void> {
    const permission = 'Notification' in globalThis ? await Notification.requestPermission() : 'denied';
    this.denied = permission !== 'granted';
    this.#want(this.denied ? null : job.id);
  }

  /** Looks at the jobs as they are now: to be called whenever they have changed. */
  look(jobs: ReadonlyMap<string, Job>): void {
    const watched = this.#watched;
    const now = watched === null ? null : (jobs.get(watched.id) ?? null);
    if (now !== null && isOver(now)) {
      this.#end(now);
    }
    this.#watched = this.job;
  }

  /** The user looks at the page. */
  seen(): void {
    this.ended = null;
  }

  #end(job: Job): void {
    if (!document.hasFocus()) {
      this.ended = job;
    }
    if (this.#wanted === job.id) {
      this.#want(null);
      void this.#tell(job);
    }
  }

  async #tell(job: Job): Promise<void> {
    try {
      await loadWords('record');
      const done = job.state === 'succeeded';
      const why = job.error === null ? '' : explainProblem(job.error).what;
      const notification = new Notification(done ? t.notify.done : t.notify.notDone, {
        body: done ? t.notify.doneText : why,
        tag: job.id,
      });
      notification.addEventListener('click', () => {
        window.focus();
        notification.close();
      });
    } catch {
      // Some systems take notifications from service workers alone. The title tells all the same.
    }
  }

  #want(id: string | null): void {
    this.#wanted = id;
    store(id);
  }
}
