import { chooseFiles, chooseFolder } from '../store/dialogue.ts';
import type { Handles } from '../store/handles.ts';
import type { Given } from '../tree/given.ts';

interface Wanted {
  /** One folder instead of files. */
  folder?: boolean;
  multiple?: boolean;
  onpick: (given: Given, handles: Handles) => void;
  /** The dialogue was closed, or the browser refused what was chosen there. */
  onclose?: () => void;
}

/** Asks for files: with the dialogue that gives handles, where there is one, else with a plain one. */
export class FilePicker {
  readonly folder: boolean;
  readonly multiple: boolean;
  /** The plain dialogue. */
  input: HTMLInputElement | undefined;
  readonly #onpick: Wanted['onpick'];
  readonly #onclose: Wanted['onclose'];

  constructor({ folder = false, multiple = false, onpick, onclose }: Wanted) {
    this.folder = folder;
    this.multiple = multiple;
    this.#onpick = onpick;
    this.#onclose = onclose;
  }

  /** To be called from a click. */
  open(): void {
    void this.#ask();
  }

  /** Takes what the plain dialogue gave. */
  picked(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])];
    // The same choice must count again after it was removed.
    input.value = '';
    if (files.length > 0) {
      this.#onpick({ entries: [], files }, new Map());
    }
  }

  async #ask(): Promise<void> {
    const entries = await (this.folder ? chooseFolder() : chooseFiles(this.multiple));
    if (entries === null) {
      this.input?.click();
    } else if (entries.length === 0) {
      this.#onclose?.();
    } else {
      this.#onpick(
        { entries: [...entries], files: [] },
        new Map(entries.map((entry) => [entry.name, entry])),
      );
    }
  }
}
