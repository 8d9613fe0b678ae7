import { Slicer } from '../schedule/slicer.ts';
import type { DirectoryNode, TreeNode } from '../tree/model.ts';
import { BY_NAME, type Sorting } from '../tree/order.ts';
import { search, type Found } from '../tree/search.ts';

const NOTHING: ReadonlySet<TreeNode> = new Set();

/** A search for names that follows what is typed and what becomes of the tree. */
export class TreeSearch {
  text = $state('');
  /** What the last search that ended found; `null` when nothing is searched for. */
  found = $state.raw<Found | null>(null);
  busy = $state(false);
  matches = $derived(this.found?.matches ?? NOTHING);

  readonly #root: DirectoryNode;
  readonly #onFound: () => void;
  #sorting = BY_NAME;
  #abort = new AbortController();

  constructor(root: DirectoryNode, onFound: () => void) {
    this.#root = root;
    this.#onFound = onFound;
  }

  /** Searches for another text; for none, when it is empty. */
  find(text: string, sorting: Sorting): void {
    this.text = text;
    this.again(sorting);
  }

  /** Searches for the same text again, because the tree or its order changed. */
  again(sorting: Sorting): void {
    this.#abort.abort();
    this.#sorting = sorting;
    if (this.text.trim() === '') {
      this.busy = false;
      if (this.found !== null) {
        this.found = null;
        this.#onFound();
      }
      return;
    }
    this.busy = true;
    this.#abort = new AbortController();
    void this.#search(this.text.trim(), this.#abort.signal);
  }

  clear(): void {
    this.find('', this.#sorting);
  }

  async #search(text: string, signal: AbortSignal): Promise<void> {
    try {
      const slicer = new Slicer(signal);
      // What is typed quickly is not searched for letter by letter.
      await slicer.turn();
      this.found = await search(this.#root, text, this.#sorting, slicer);
      this.busy = false;
      this.#onFound();
    } catch (error) {
      if (!signal.aborted) {
        throw error;
      }
    }
  }
}
