import type { Slicer } from '../schedule/slicer.ts';
import type { TreeNode } from '../tree/model.ts';

/** Where a file came from: the file or folder that was added, and the path below it. */
export interface Origin {
  readonly root: number;
  /** Path of the directory, that of the root itself included; empty for a file that was added by itself. */
  readonly directory: string;
}

/** Path of a file from where its root lies, by its own name, whatever it is called on the disc. */
export function sourceOf(origin: Origin, file: File): string {
  return origin.directory === '' ? file.name : `${origin.directory}/${file.name}`;
}

/**
 * Remembers of each file where it came from, however it is renamed or moved about the disc. Files of one directory
 * share their origin, so that a hundred thousand of them cost little.
 */
export class Origins {
  readonly #of = new WeakMap<File, Origin>();

  get(file: File): Origin | undefined {
    return this.#of.get(file);
  }

  set(file: File, origin: Origin): void {
    this.#of.set(file, origin);
  }

  /** Takes up a file or folder that was just added, whose files have no origin yet. */
  async note(node: TreeNode, root: number, slicer: Slicer): Promise<void> {
    const open: [TreeNode, Origin][] = [[node, { root, directory: '' }]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [at, origin] = next;
      if (at.kind === 'directory') {
        const inside = {
          root,
          directory: origin.directory === '' ? at.name : `${origin.directory}/${at.name}`,
        };
        open.push(...Array.from(at.children.values(), (child): [TreeNode, Origin] => [child, inside]));
      } else if (!this.#of.has(at.file)) {
        this.#of.set(at.file, origin);
      }
      if (slicer.due) {
        await slicer.turn();
      }
    }
  }
}
