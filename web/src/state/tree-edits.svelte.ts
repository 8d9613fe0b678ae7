import type { DetailsPatch } from '../tree/details.ts';
import { canMove, change, move } from '../tree/edits.ts';
import { History, nodesOf, type Step, type StepKind } from '../tree/history.ts';
import { freeName, type ContentTree, type DirectoryNode, type TreeNode } from '../tree/model.ts';
import type { NameProblem } from '../tree/names.ts';
import type { TreeView } from './treeview.svelte.ts';

/** What a step did beyond what it is called: nothing is lost without a word. */
export interface StepNotes {
  replaced: number;
  renamed: number;
}

/** All a user does to the tree. Every step can be taken back. */
export class TreeEdits {
  /** Node whose name is being edited. */
  renaming = $state.raw<TreeNode | null>(null);
  /** Nodes that were cut, and go where they are pasted next. */
  cut = $state.raw<ReadonlySet<TreeNode>>(new Set());
  /** Nodes whose properties are shown. */
  inspected = $state.raw<readonly TreeNode[] | null>(null);
  /** The steps that can be taken back and done again next. */
  last = $state.raw<Step | null>(null);
  next = $state.raw<Step | null>(null);

  /** Called after every step. */
  onStep: (step: Step, notes: StepNotes) => void = () => undefined;
  readonly #tree: ContentTree;
  readonly #view: TreeView;
  readonly #history: History;
  readonly #changed: () => void;

  constructor(tree: ContentTree, view: TreeView, changed: () => void) {
    this.#tree = tree;
    this.#view = view;
    this.#history = new History(tree);
    this.#changed = changed;
  }

  /** Where new things go: the active directory if it is open, or the one the active node is in. */
  get target(): DirectoryNode {
    const node = this.#view.activeNode;
    if (node === null) {
      return this.#tree.root;
    }
    return node.kind === 'directory' && this.#view.isOpen(node) ? node : (node.parent ?? this.#tree.root);
  }

  /** Makes an empty directory and starts naming it. */
  addFolder(name: string): void {
    const { target } = this;
    const node = this.#tree.newDirectory(name);
    this.#run('newFolder', 1, () => {
      this.#tree.place(node, target, freeName(target, name));
    });
    this.#view.reveal([node]);
    this.renaming = node;
  }

  removeSelected(): void {
    const nodes = this.#view.selection;
    this.#run('remove', nodes.length, () => {
      for (const node of nodes) {
        this.#tree.remove(node);
      }
    });
    if (this.#view.activeNode !== null) {
      this.#view.activate(this.#view.active);
    }
  }

  /** Takes `count` items away in a way of the caller's. */
  leaveOut(count: number, work: () => void): void {
    this.#run('remove', count, work);
  }

  /** Renames a node, or says why not. */
  rename(node: TreeNode, name: string): NameProblem | null {
    let problem = null as NameProblem | null;
    this.#run('rename', 1, () => {
      problem = this.#tree.rename(node, name);
    });
    if (problem === null) {
      this.renaming = null;
      this.#view.reveal([node]);
    }
    return problem;
  }

  /** Gives several nodes other names, in one step. */
  renameAll(names: ReadonlyMap<TreeNode, string>): void {
    this.#run('rename', names.size, () => {
      for (const [node, name] of names) {
        this.#tree.rename(node, name);
      }
    });
  }

  /** Makes an empty directory of this name. */
  addDirectory(parent: DirectoryNode, name: string): void {
    this.#run('newFolder', 1, () => {
      this.#tree.addDirectory(parent, name);
    });
  }

  setDetails(nodes: readonly TreeNode[], patch: DetailsPatch): void {
    this.#run('properties', nodes.length, () => {
      change(this.#tree, nodes, patch);
    });
  }

  /** Whether at least one of these nodes may go into the directory. */
  canMove(nodes: readonly TreeNode[], target: DirectoryNode): boolean {
    return nodes.some((node) => canMove(node, target));
  }

  move(nodes: readonly TreeNode[], target: DirectoryNode): void {
    const going = nodes.filter((node) => this.#tree.holds(node) && canMove(node, target));
    const notes = { replaced: 0, renamed: 0 };
    this.#run(
      'move',
      going.length,
      () => {
        Object.assign(notes, move(this.#tree, going, target));
      },
      notes,
    );
    this.#view.reveal(going.filter((node) => this.#tree.holds(node)));
  }

  cutSelected(): void {
    this.cut = new Set(this.#view.selection);
  }

  /** Takes back that nodes were cut. Says whether any were. */
  uncut(): boolean {
    const had = this.cut.size > 0;
    this.cut = new Set();
    return had;
  }

  /** Moves what was cut into the target. */
  paste(): void {
    const nodes = [...this.cut];
    this.cut = new Set();
    this.move(nodes, this.target);
  }

  inspectSelected(): void {
    const nodes = this.#view.selection;
    this.inspected = nodes.length === 0 ? null : nodes;
  }

  undo(): void {
    this.#show(this.#history.undo());
  }

  redo(): void {
    this.#show(this.#history.redo());
  }

  /** Adds what an intake listed. */
  add(count: number, work: () => void): Step | null {
    const step = this.#history.run('add', count, work);
    this.#noteHistory();
    return step;
  }

  /** Does more that belongs to a step of `add`. */
  extend(step: Step | null, work: () => void): void {
    if (step !== null) {
      this.#history.extend(step, work);
    }
  }

  #run(
    kind: StepKind,
    count: number,
    work: () => void,
    notes: StepNotes = { replaced: 0, renamed: 0 },
  ): void {
    const step = this.#history.run(kind, count, work);
    if (step !== null) {
      this.#noteHistory();
      this.#changed();
      this.onStep(step, notes);
    }
  }

  #show(step: Step | null): void {
    if (step === null) {
      return;
    }
    this.renaming = null;
    this.#noteHistory();
    this.#changed();
    this.#view.reveal(nodesOf(step, this.#tree));
  }

  #noteHistory(): void {
    this.last = this.#history.last;
    this.next = this.#history.next;
  }
}
