import { AgentApi, AgentError, type Health } from '../agent/api.ts';
import { followEvents, type ServerEvent } from '../agent/events.ts';
import { pageStorage, takePairingCode, TokenStore } from '../agent/session.ts';
import type { Drive, DriveGone, Job } from '../agent/types.ts';
import { isOver } from '../agent/types.ts';
import { explain } from './explain.ts';
import type { Notices } from './notices.svelte.ts';

export type AgentStatus = 'looking' | 'none' | 'unpaired' | 'connected' | 'lost';

/** The agent behind this page: whether it is there, its drives and its jobs, kept up to date by its events. */
export class Agent {
  status = $state<AgentStatus>('looking');
  health = $state.raw<Health | null>(null);
  drives = $state.raw<readonly Drive[]>([]);
  jobs = $state.raw<ReadonlyMap<string, Job>>(new Map());
  pairing = $state(false);

  readonly #tokens = new TokenStore(pageStorage());
  readonly api = new AgentApi(() => this.#tokens.token);
  readonly #notices: Notices;
  #following: AbortController | null = null;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** Looks for the agent and connects if this page may. */
  async start(): Promise<void> {
    this.status = 'looking';
    const code = takePairingCode(location, history);
    try {
      this.health = await this.api.health();
    } catch {
      this.health = null;
    }
    if (this.health === null) {
      this.status = 'none';
      return;
    }
    if (code !== null) {
      await this.pair(code);
      return;
    }
    if (this.#tokens.token === null) {
      this.status = 'unpaired';
      return;
    }
    this.#follow();
  }

  /** Trades a code for a token and connects. Says whether that worked. */
  async pair(code: string): Promise<boolean> {
    this.pairing = true;
    try {
      this.#tokens.set(await this.api.pair(code.trim()));
      this.#follow();
      return true;
    } catch (error) {
      if (this.#tokens.token !== null) {
        // A link that was used before: the token from then may still be good.
        this.#follow();
        return true;
      }
      this.status = 'unpaired';
      const { what, todo } = explain(error);
      this.#notices.error(what, todo);
      return false;
    } finally {
      this.pairing = false;
    }
  }

  drive(id: string | null): Drive | null {
    return this.drives.find((drive) => drive.id === id) ?? null;
  }

  /** Takes up a job this page started, so that it is known before the first event of it. */
  noteJob(job: Job): void {
    const known = this.jobs.get(job.id);
    if (known !== undefined && isOver(known) && !isOver(job)) {
      return;
    }
    this.jobs = new Map(this.jobs).set(job.id, job);
  }

  async refresh(): Promise<void> {
    try {
      const [drives, jobs] = await Promise.all([this.api.drives(), this.api.jobs()]);
      this.drives = drives;
      this.jobs = new Map(jobs.map((job) => [job.id, job]));
      this.status = 'connected';
    } catch (error) {
      this.#lost(error instanceof AgentError ? error : null);
    }
  }

  #follow(): void {
    this.#following?.abort();
    const following = new AbortController();
    this.#following = following;
    const handlers = {
      onOpen: () => void this.refresh(),
      onEvent: (event: ServerEvent) => {
        this.#take(event);
      },
      onLost: (error: AgentError | null) => {
        this.#lost(error);
      },
    };
    void followEvents(this.api, handlers, following.signal);
  }

  #take(event: ServerEvent): void {
    if (event.event === 'job') {
      const job = JSON.parse(event.data) as Job;
      this.jobs = new Map(this.jobs).set(job.id, job);
    } else if (event.event === 'drive') {
      this.#takeDrive(JSON.parse(event.data) as Drive | DriveGone);
    } else if (event.event === 'hello' && this.status === 'connected') {
      void this.refresh();
    }
  }

  #takeDrive(drive: Drive | DriveGone): void {
    if ('gone' in drive) {
      this.drives = this.drives.filter((each) => each.id !== drive.id);
      return;
    }
    const known = this.drives.some((each) => each.id === drive.id);
    this.drives = known
      ? this.drives.map((each) => (each.id === drive.id ? drive : each))
      : [...this.drives, drive];
  }

  #lost(error: AgentError | null): void {
    if (error?.problem.status === 401) {
      this.#following?.abort();
      this.#tokens.clear();
      this.status = 'unpaired';
    } else {
      this.status = 'lost';
    }
  }
}
