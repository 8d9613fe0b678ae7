import { inverse, type Change } from './changes.ts';
import type { ContentTree, TreeNode } from './model.ts';

/** What a user did. */
export type StepKind = 'add' | 'remove' | 'rename' | 'move' | 'newFolder' | 'properties';

/** One thing a user did, which can be taken back as a whole. */
export interface Step {
  readonly kind: StepKind;
  /** Items it was done to. */
  readonly count: number;
  readonly changes: Change[];
}

/** Steps that are kept: more than anybody takes back one by one. */
const MOST_STEPS = 200;

/**
 * What was done to a tree, to take it back and to do it again. A step costs as much as it changed, whatever the size
 * of the tree.
 */
export class History {
  readonly #tree: ContentTree;
  #done: Step[] = [];
  #undone: Step[] = [];

  constructor(tree: ContentTree) {
    this.#tree = tree;
  }

  /** The step that would be taken back next. */
  get last(): Step | null {
    return this.#done.at(-1) ?? null;
  }

  /** The step that would be done again next. */
  get next(): Step | null {
    return this.#undone.at(-1) ?? null;
  }

  /** Does something that can be taken back; `null` when it changed nothing. */
  run(kind: StepKind, count: number, work: () => void): Step | null {
    const step: Step = { kind, count, changes: this.#tree.record(work) };
    if (step.changes.length === 0) {
      return null;
    }
    this.#done.push(step);
    this.#undone = [];
    if (this.#done.length > MOST_STEPS) {
      this.#done.shift();
    }
    return step;
  }

  /** Does more that belongs to a step, if the step is still done. */
  extend(step: Step, work: () => void): void {
    if (this.#done.includes(step)) {
      for (const change of this.#tree.record(work)) {
        step.changes.push(change);
      }
    }
  }

  /** Takes the last step back. */
  undo(): Step | null {
    const step = this.#done.pop();
    if (step === undefined) {
      return null;
    }
    for (const change of step.changes.toReversed()) {
      this.#tree.apply(inverse(change));
    }
    this.#undone.push(step);
    return step;
  }

  /** Does the step that was taken back last again. */
  redo(): Step | null {
    const step = this.#undone.pop();
    if (step === undefined) {
      return null;
    }
    for (const change of step.changes) {
      this.#tree.apply(change);
    }
    this.#done.push(step);
    return step;
  }

  clear(): void {
    this.#done = [];
    this.#undone = [];
  }
}

/** The nodes of a step that are in the tree now, without those inside another one of them. */
export function nodesOf(step: Step, tree: ContentTree): TreeNode[] {
  const nodes = new Set(step.changes.map((change) => change.node));
  const hasParent = (node: TreeNode): boolean => {
    let at = node.parent;
    while (at !== null && !nodes.has(at)) {
      at = at.parent;
    }
    return at !== null;
  };
  return [...nodes].filter((node) => tree.holds(node) && !hasParent(node));
}
