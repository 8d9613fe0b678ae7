import { t } from '../strings/strings.ts';
import { storeError, type StoreError } from './database.ts';
import type { Changes, ProjectStore } from './project-store.ts';

export type KeepState = 'kept' | 'changed' | 'keeping' | 'failed';

const DELAY_MS = 700;

/** Keeps a project shortly after each change of it. What cannot be kept stays in the page, and is tried again. */
export class Keeping {
  state = $state<KeepState>('kept');
  /** Why it is not kept. */
  failure = $state.raw<StoreError | null>(null);

  readonly #store: ProjectStore;
  readonly #collect: (signal: AbortSignal) => Promise<(Changes & { kept: () => void }) | null>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #over = false;

  /** `collect` gathers what has changed; `null` when there is nothing worth keeping. */
  constructor(
    store: ProjectStore,
    collect: (signal: AbortSignal) => Promise<(Changes & { kept: () => void }) | null>,
  ) {
    this.#store = store;
    this.#collect = collect;
  }

  /** The same in words. */
  get problem(): string | null {
    return this.failure === null ? null : t.store.problems[this.failure.problem];
  }

  schedule(): void {
    if (this.#over) {
      return;
    }
    this.#abort.abort();
    this.state = 'changed';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), DELAY_MS);
  }

  /** Keeps what has changed. Waits for a run that is under way, which may have begun before the last change. */
  now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running = this.#running.then(() => this.#run());
    return this.#running;
  }

  /** Tries again after it failed. */
  retry(): Promise<void> {
    return this.now();
  }

  /** Ends it: the project is being deleted. */
  stop(): void {
    this.#over = true;
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  /** A project may be deleted while what has changed of it is gathered. */
  #isOver(): boolean {
    return this.#over;
  }

  async #run(): Promise<void> {
    if (this.#isOver() || this.state === 'kept') {
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.state = 'keeping';
    try {
      const changes = await this.#collect(abort.signal);
      if (changes !== null && !this.#isOver()) {
        await this.#store.save(changes);
        changes.kept();
      }
      this.failure = null;
      this.state = abort.signal.aborted ? 'changed' : 'kept';
    } catch (error) {
      if (!abort.signal.aborted) {
        this.failure = storeError(error);
        this.state = 'failed';
      }
    }
  }
}
