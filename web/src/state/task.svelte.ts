import { isOver, type Job, type TaskRequest } from '../agent/types.ts';
import type { Agent } from './agent.svelte.ts';
import { explain, type Explanation } from './explain.ts';

/** One job of the agent that needs nothing of the page: reading or erasing a disc. */
export class Task {
  /** The job, by its id; `null` before it is asked for. */
  #id = $state<string | null>(null);
  starting = $state(false);
  /** Why it was not even begun, or not stopped. */
  problem = $state.raw<Explanation | null>(null);
  readonly #agent: Agent;
  readonly #kinds: readonly string[];
  readonly #dismissed = new Set<string>();

  /** A job of one of these kinds that runs already is taken up. */
  constructor(agent: Agent, kinds: readonly string[]) {
    this.#agent = agent;
    this.#kinds = kinds;
  }

  get job(): Job | null {
    if (this.#id !== null) {
      return this.#agent.jobs.get(this.#id) ?? null;
    }
    const jobs = [...this.#agent.jobs.values()];
    const running = (job: Job): boolean => this.#kinds.includes(job.kind) && !isOver(job);
    return jobs.find((job) => running(job) && !this.#dismissed.has(job.id)) ?? null;
  }

  async start(request: TaskRequest): Promise<void> {
    this.starting = true;
    this.problem = null;
    try {
      const job = await this.#agent.api.startJob(request);
      this.#agent.noteJob(job);
      this.#id = job.id;
    } catch (error) {
      this.problem = explain(error);
    } finally {
      this.starting = false;
    }
  }

  async cancel(): Promise<void> {
    if (this.job !== null) {
      this.problem = null;
      try {
        await this.#agent.api.cancel(this.job.id);
      } catch (error) {
        this.problem = explain(error);
      }
    }
  }

  /** Puts what came of it away. */
  dismiss(): void {
    if (this.job !== null) {
      this.#dismissed.add(this.job.id);
    }
    this.#id = null;
    this.problem = null;
  }
}
