import type { AgentApi } from '../agent/api.ts';
import { isOver, type Job, type JobLogEntry } from '../agent/types.ts';
import { isCharted, JobSamples, sampleOf } from '../burn/samples.ts';
import { mapFrom, mapOfDamage, type SectorMap } from '../burn/sectors.ts';

/** How often the map is asked for while a disc is read. */
const MAP_MS = 1500;

/**
 * What a job has done so far: its chart, its map, its log. The agent remembers it, so that a page that was closed or
 * reloaded shows all of it; what happens while the page watches comes with the job itself.
 */
export class JobRecord {
  readonly id: string;
  /** Replaced whenever there is something new to draw. */
  samples = $state.raw<{ readonly of: JobSamples }>({ of: new JobSamples() });
  log = $state.raw<readonly JobLogEntry[]>([]);
  omitted = $state(0);
  map = $state.raw<SectorMap | null>(null);

  readonly #api: AgentApi;
  /** When the job began, in milliseconds since 1970. */
  began = $state.raw<number | null>(null);
  #mapTimer: ReturnType<typeof setInterval> | undefined;

  constructor(api: AgentApi, id: string) {
    this.#api = api;
    this.id = id;
  }

  /** Takes up how far the job is now. Draws nothing new where nothing is. */
  note(job: Job): void {
    if (this.began !== null && isCharted(job.phase) && !isOver(job)) {
      const { of } = this.samples;
      if (of.add(sampleOf(job, Date.now() - this.began))) {
        this.samples = { of };
      }
    }
  }

  /** Asks the agent what it remembers. An agent that remembers nothing leaves what the page has seen. */
  async load(): Promise<void> {
    try {
      const { began, samples, log, omitted } = await this.#api.jobHistory(this.id);
      if (began === null) {
        return;
      }
      this.began = Date.parse(began);
      this.samples = { of: new JobSamples(samples) };
      this.log = log;
      this.omitted = omitted;
    } catch {
      // The agent is gone or older: the connection is told of elsewhere, and the job goes on without a chart.
    }
  }

  /** Follows the map while the disc is read, until it is called with `false`. */
  followMap(on: boolean): void {
    clearInterval(this.#mapTimer);
    this.#mapTimer = undefined;
    if (on) {
      this.#mapTimer = setInterval(() => {
        if (document.visibilityState === 'visible') {
          void this.loadMap(null);
        }
      }, MAP_MS);
    }
  }

  /** Asks for the map; one of what is wrong takes its place where the agent has none any more. */
  async loadMap(ended: Job | null): Promise<void> {
    try {
      const told = await this.#api.jobMap(this.id);
      if (told.blocks > 0) {
        this.map = mapFrom(told);
        return;
      }
    } catch {
      // As above.
    }
    const damage = ended?.result?.damage;
    const blocks = ended?.progress.totalBlocks ?? 0;
    if (damage !== undefined && blocks > 0) {
      this.map = mapOfDamage(blocks, damage);
    }
  }
}
