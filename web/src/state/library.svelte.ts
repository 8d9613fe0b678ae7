import { storeError, type StoreProblem } from '../store/database.ts';
import { newProjectId, type ProjectHeader, type ProjectStore } from '../store/project-store.ts';
import { t } from '../strings/strings.ts';

/** The projects kept in this browser. */
export class Library {
  list = $state.raw<readonly ProjectHeader[]>([]);
  #problem = $state.raw<StoreProblem | null>(null);
  readonly #store: ProjectStore;
  readonly #claimed = new Set<string>();

  constructor(store: ProjectStore) {
    this.#store = store;
  }

  /** Why nothing is kept, if that is so. */
  get problem(): string | null {
    return this.#problem === null ? null : t.store.problems[this.#problem];
  }

  async refresh(): Promise<void> {
    await this.#try(async () => {
      this.list = await this.#store.list();
    });
  }

  rename(id: string, name: string): Promise<void> {
    return this.#change(() => this.#store.rename(id, name));
  }

  remove(id: string): Promise<void> {
    return this.#change(() => this.#store.remove(id));
  }

  duplicate(header: ProjectHeader): Promise<void> {
    const copy = {
      ...header,
      id: newProjectId(),
      name: t.recent.copyOf(header.name),
      changed: Date.now(),
    };
    return this.#change(() => this.#store.duplicate(header.id, copy));
  }

  /**
   * Takes a project for this window, as long as it is open: two that change the same project would undo each other's
   * work. Says whether nobody else has it.
   */
  claim(id: string): Promise<boolean> {
    if (!('locks' in navigator)) {
      return Promise.resolve(true);
    }
    if (this.#claimed.has(id)) {
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      void navigator.locks.request(`discwright.project.${id}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        if (lock === null) {
          return undefined;
        }
        this.#claimed.add(id);
        return new Promise(() => undefined);
      });
    });
  }

  /** What the store refused, in words. */
  explain(error: unknown): string {
    return t.store.problems[storeError(error).problem];
  }

  async #change(run: () => Promise<void>): Promise<void> {
    await this.#try(run);
    await this.refresh();
  }

  async #try(run: () => Promise<void>): Promise<void> {
    try {
      await run();
      this.#problem = null;
    } catch (error) {
      this.#problem = storeError(error).problem;
    }
  }
}
