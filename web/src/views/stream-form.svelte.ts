import type { TreeNode } from '../tree/model.ts';
import type { FileContent } from '../tree/content.ts';
import { checkStreamName, spelt, type StreamNameProblem } from '../tree/names.ts';
import type { PropertyForm } from './property-form.svelte.ts';

/** A named stream as it is being edited. */
export interface StreamDraft {
  /** Stays the same when the name changes. */
  readonly key: number;
  readonly name: string;
  readonly file: FileContent;
}

/** The named streams of one node as they are being edited: all of them together are one of its properties. */
export class StreamForm {
  drafts = $state.raw<readonly StreamDraft[]>([]);
  /** What is wrong with names, by the keys of the drafts. */
  problems = $state.raw<ReadonlyMap<number, StreamNameProblem>>(new Map());

  readonly #form: PropertyForm;
  /** Files that were added here, with their handles where there are any. */
  readonly #added = new Map<FileContent, readonly [File, FileSystemHandle | undefined]>();
  #keys = 0;

  constructor(form: PropertyForm, node: TreeNode) {
    this.#form = form;
    this.drafts = (node.details?.streams ?? []).map(({ name, file }) => this.#draft(name, file));
  }

  /** Files that were added here and not removed again. */
  get fresh(): (readonly [file: File, handle: FileSystemHandle | undefined])[] {
    return this.drafts.map(({ file }) => this.#added.get(file)).filter((each) => each !== undefined);
  }

  /** Adds files under their own names. One of the same name takes the place of the earlier; says how many did. */
  add(files: Iterable<File>, handles: ReadonlyMap<string, FileSystemHandle> = new Map()): number {
    let replaced = 0;
    const drafts = [...this.drafts];
    for (const file of files) {
      this.#added.set(file, [file, handles.get(file.name)]);
      const fresh = this.#draft(spelt(file.name), file);
      const at = drafts.findIndex(({ name }) => name === fresh.name);
      if (at < 0) {
        drafts.push(fresh);
      } else {
        drafts[at] = fresh;
        replaced += 1;
      }
    }
    this.#take(drafts);
    return replaced;
  }

  rename(key: number, name: string): void {
    this.#take(this.drafts.map((draft) => (draft.key === key ? { ...draft, name } : draft)));
  }

  remove(key: number): void {
    this.#take(this.drafts.filter((draft) => draft.key !== key));
  }

  #draft(name: string, file: FileContent): StreamDraft {
    this.#keys += 1;
    return { key: this.#keys, name, file };
  }

  #take(drafts: readonly StreamDraft[]): void {
    const problems = new Map<number, StreamNameProblem>();
    for (const { key, name } of drafts) {
      const others = drafts.filter((other) => other.key !== key).map((other) => other.name);
      const problem = checkStreamName(name, others);
      if (problem !== null) {
        problems.set(key, problem);
      }
    }
    this.drafts = drafts;
    this.problems = problems;
    this.#form.setStreams(
      drafts.map(({ name, file }) => ({ name, file })),
      problems.size === 0,
    );
  }
}
