import type { Slicer } from '../schedule/slicer.ts';
import type { FileContent } from '../tree/content.ts';
import type { DirectoryNode, TreeNode } from '../tree/model.ts';
import { walk } from '../tree/walk.ts';

/** Where a file came from: the file or folder that was added, the path of its folder from there, and its own name. */
export interface Origin {
  readonly root: number;
  /** The name of the root itself included; empty for a file that was added by itself. */
  readonly directory: string;
  readonly name: string;
}

/** Path of a file from where its root lies, whatever it is called on the disc. */
export function sourceOf({ directory, name }: Origin): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** Remembers of each file where it came from, however it is renamed or moved about the disc. */
export class Origins {
  readonly #of = new WeakMap<FileContent, Origin>();

  get(file: FileContent): Origin | undefined {
    return this.#of.get(file);
  }

  set(file: FileContent, origin: Origin): void {
    this.#of.set(file, origin);
  }

  /** Takes up a file or folder that is being added, whose files have no origin yet. */
  async note(node: TreeNode, root: number, slicer: Slicer): Promise<void> {
    const paths = new Map<DirectoryNode | null, string>();
    for (const at of walk(node)) {
      const directory = paths.get(at.parent) ?? '';
      if (at.kind === 'directory') {
        paths.set(at, directory === '' ? at.name : `${directory}/${at.name}`);
      } else if (!this.#of.has(at.file)) {
        this.#of.set(at.file, { root, directory, name: at.name });
      }
      if (slicer.due) {
        await slicer.turn();
      }
    }
  }
}
