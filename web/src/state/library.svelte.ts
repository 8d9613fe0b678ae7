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

  /** Gives a project that is not open another name. Says whether no other window has it. */
  rename(id: string, name: string): Promise<boolean> {
    return this.#changeMine(id, () => this.#store.rename(id, name));
  }

  /** Deletes a project. Says whether no other window has it. */
  remove(id: string): Promise<boolean> {
    return this.#changeMine(id, () => this.#store.remove(id));
  }

  duplicate(id: string): Promise<void> {
    return this.#change(() =>
      this.#store.duplicate(id, ({ name }) => ({
        id: newProjectId(),
        name: t.recent.copyOf(name),
        changed: Date.now(),
      })),
    );
  }

  /**
   * Takes a project for this window, as long as it is open: two that change the same project would undo each other's
   * work. Says whether nobody else has it.
   */
  claim(id: string): Promise<boolean> {
    if (this.#claimed.has(id)) {
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      void this.#locked(id, (mine) => {
        resolve(mine);
        if (!mine) {
          return Promise.resolve();
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

  /** Changes a project unless another window has it open, which would write over the change or bring half of it back. */
  async #changeMine(id: string, run: () => Promise<void>): Promise<boolean> {
    if (this.#claimed.has(id)) {
      await this.#change(run);
      return true;
    }
    return this.#locked(id, async (mine) => {
      await (mine ? this.#change(run) : this.refresh());
      return mine;
    });
  }

  /** Does `work`, which never rejects, with the lock of a project or knowing that another window has it. */
  async #locked<T>(id: string, work: (mine: boolean) => Promise<T>): Promise<T> {
    if (!('locks' in navigator)) {
      return work(true);
    }
    try {
      const options = { ifAvailable: true };
      return await navigator.locks.request(`discwright.project.${id}`, options, (lock) =>
        work(lock !== null),
      );
    } catch {
      // A browser that gives this page no locks.
      return work(true);
    }
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
