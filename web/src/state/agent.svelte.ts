import { AgentApi, AgentError, type Health } from '../agent/api.ts';
import { findAgent, isLoopback, loopbackPermission, type NotFound } from '../agent/elsewhere.ts';
import { followEvents, type ServerEvent } from '../agent/events.ts';
import { pageStorage, takePairingCode, TokenStore } from '../agent/session.ts';
import type { Drive, DriveGone, Job } from '../agent/types.ts';
import { isOver } from '../agent/types.ts';
import { APP_VERSION } from '../offline/version.ts';
import { explain } from './explain.ts';
import { FinishNotice } from './finish-notice.svelte.ts';
import type { Notices } from './notices.svelte.ts';

export type AgentStatus = 'looking' | 'none' | 'unpaired' | 'connected' | 'lost';

/** The browser's question to the user shows at once; the page's word about it may come a little later. */
const ASKING_AFTER_MS = 800;

/** The agent of this page: whether it is there, its drives and its jobs, kept up to date by its events. */
export class Agent {
  status = $state<AgentStatus>('looking');
  health = $state.raw<Health | null>(null);
  drives = $state.raw<readonly Drive[]>([]);
  jobs = $state.raw<ReadonlyMap<string, Job>>(new Map());
  pairing = $state(false);
  /** Whether the page comes from another site than the agent, so that the browser has a say. */
  elsewhere = $state(false);
  /** Why such a page found no agent. */
  notFound = $state.raw<NotFound | null>(null);
  /** The browser is asking the user whether the page may reach the agent. */
  asking = $state(false);
  /** Whether this page was paired before and only has to be connected. */
  known = $state(false);

  readonly #tokens = new TokenStore(pageStorage());
  readonly api = new AgentApi(() => this.#tokens.token);
  readonly finish = new FinishNotice(this);
  readonly #notices: Notices;
  #following: AbortController | null = null;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** The version of the agent that served this page, if the page is of another. */
  get otherVersion(): string | null {
    const version = this.elsewhere ? null : (this.health?.version ?? null);
    return version === APP_VERSION ? null : version;
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
      await this.#startElsewhere();
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

  /** A page of another site asks for nothing by itself that would have the browser ask the user. */
  async #startElsewhere(): Promise<void> {
    this.status = 'none';
    this.elsewhere = !isLoopback(location.hostname);
    this.known = this.elsewhere && this.#tokens.token !== null;
    if (this.known && (await loopbackPermission()) !== 'prompt') {
      await this.connect(null);
    }
  }

  /** Looks for the agent from a page of another site, and connects: with a code, or by the token of another time. */
  async connect(code: string | null): Promise<void> {
    this.pairing = true;
    this.notFound = null;
    const timer = setTimeout(() => void this.#tellOfQuestion(), ASKING_AFTER_MS);
    try {
      const found = await findAgent(this.#tokens.address, (address, signal) =>
        this.#isAgent(address, signal),
      );
      if ('notFound' in found) {
        this.notFound = found.notFound;
        return;
      }
      this.#tokens.setAddress(found.address);
      if (code !== null) {
        await this.pair(code);
      } else {
        this.#follow();
      }
    } finally {
      clearTimeout(timer);
      this.asking = false;
      this.pairing = false;
    }
  }

  async #tellOfQuestion(): Promise<void> {
    const state = await loopbackPermission();
    this.asking = this.pairing && state === 'prompt';
  }

  async #isAgent(address: string, signal: AbortSignal | undefined): Promise<boolean> {
    this.api.address = address;
    try {
      this.health = await this.api.health(signal);
    } catch {
      this.health = null;
    }
    return this.health !== null;
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
      const [drives, jobs, health] = await Promise.all([
        this.api.drives(),
        this.api.jobs(),
        this.api.health(),
      ]);
      this.health = health;
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
      this.known = false;
      this.status = 'unpaired';
    } else {
      this.status = 'lost';
    }
  }
}
