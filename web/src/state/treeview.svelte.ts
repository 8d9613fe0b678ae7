import { Slicer } from '../schedule/slicer.ts';
import { language } from '../strings/strings.ts';
import { folding } from '../tree/folding.ts';
import { modifiedOf, sizeOf, type ContentTree, type DirectoryNode, type TreeNode } from '../tree/model.ts';
import { BY_NAME, type SortKey, type Sorting } from '../tree/order.ts';
import { layOutRows, NO_ROWS, sortDirectory, type Look, type Rows } from '../tree/rows.ts';
import { TreeSearch } from './tree-search.svelte.ts';

/** What a key press asks of the tree. Keys are those of the ARIA treegrid pattern. */
export interface TreeKey {
  key: string;
  shift: boolean;
  ctrl: boolean;
}

const TYPE_AHEAD_MS = 700;

/** One row as it is drawn. It holds copies, because nodes change in place. */
export interface RowView {
  readonly node: TreeNode;
  readonly index: number;
  readonly name: string;
  readonly size: number;
  /** Unix milliseconds; NaN when unknown. */
  readonly modified: number;
  /** Whether a search found it, rather than something in it. */
  readonly found: boolean;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** `undefined` for a file. */
  readonly open: boolean | undefined;
  readonly selected: boolean;
}

/** How the tree is being looked at: what is open, which row is active, what is selected. */
export class TreeView implements Look {
  rows = $state.raw<Rows>(NO_ROWS);
  /** Index of the row that has the keyboard; -1 when there is none. */
  active = $state(-1);
  selected = $state.raw<ReadonlySet<TreeNode>>(new Set());
  sorting = $state.raw<Sorting>({ ...BY_NAME, language: language.tag });
  readonly search: TreeSearch;
  /** Number of rows a page key moves by; the view sets it. */
  pageRows = 10;

  readonly #tree: ContentTree;
  #open = $state.raw<ReadonlySet<TreeNode>>(new Set());
  /** Directories closed while a search shows them. */
  #shut = $state.raw<ReadonlySet<TreeNode>>(new Set());
  /** What was drawn last. */
  #drawn: readonly RowView[] = [];
  #anchor = -1;
  #typed = '';
  #typedAt = 0;

  constructor(tree: ContentTree) {
    this.#tree = tree;
    this.search = new TreeSearch(tree.root, () => {
      this.#shut = new Set();
      this.refresh();
    });
  }

  get found(): Look['found'] {
    return this.search.found;
  }

  get activeNode(): TreeNode | null {
    return this.rows.nodes[this.active] ?? null;
  }

  /** The selected nodes; those inside another selected one are left out. */
  get selection(): TreeNode[] {
    return [...this.selected].filter((node) => !this.#hasSelectedParent(node));
  }

  isOpen(node: TreeNode): boolean {
    return this.found?.kept.has(node as DirectoryNode) === true
      ? !this.#shut.has(node)
      : this.#open.has(node);
  }

  /** Sorts by a column; by the same one again the other way round. */
  sortBy(key: SortKey): void {
    const { sorting } = this;
    this.#sort({ ...sorting, key, descending: sorting.key === key && !sorting.descending });
  }

  /** Sorts names, and finds them, as readers of this language do. */
  setLanguage(tag: string): void {
    if (this.sorting.language !== tag) {
      this.#sort({ ...this.sorting, language: tag });
    }
  }

  /** The rows from `start` to before `end`, ready to draw. One that is as it was is the same object. */
  window(start: number, end: number): readonly RowView[] {
    const { nodes, levels, positions } = this.rows;
    const first = this.#drawn[0]?.index ?? 0;
    this.#drawn = nodes.slice(start, end).map((node, at) => {
      const row = {
        node,
        index: start + at,
        name: node.name,
        size: sizeOf(node),
        modified: modifiedOf(node),
        found: this.found?.matches.has(node) ?? true,
        level: levels[start + at] ?? 1,
        position: positions[start + at] ?? 1,
        siblings: this.#shownWith(node),
        open: node.kind === 'directory' ? this.isOpen(node) : undefined,
        selected: this.selected.has(node),
      };
      const drawn = this.#drawn[start + at - first];
      return drawn !== undefined && isSame(drawn, row) ? drawn : row;
    });
    return this.#drawn;
  }

  /** Lays the rows out again after the tree changed; the active node stays active if it is still there. */
  refresh(): void {
    const was = this.activeNode;
    this.rows = layOutRows(this.#tree.root, this);
    this.active = was === null ? -1 : this.rows.nodes.indexOf(was);
    if (was !== null && this.active < 0) {
      this.active = Math.min(this.#anchor, this.rows.nodes.length - 1);
    }
    this.selected = new Set([...this.selected].filter((node) => this.#tree.holds(node)));
    if (this.rows.unsorted.length > 0) {
      void this.#sortLarge();
    }
  }

  /** Lays the rows out again after the tree changed, and has a search look again. */
  follow(): void {
    this.search.again(this.sorting);
    this.refresh();
  }

  /** Makes nodes visible and the only ones selected, and the first of them active. */
  reveal(nodes: readonly TreeNode[]): void {
    const [first] = nodes;
    if (first === undefined) {
      return;
    }
    const open = new Set(this.#open);
    for (const node of nodes) {
      for (let at = node.parent; at !== null && !open.has(at); at = at.parent) {
        open.add(at);
      }
    }
    if (open.size > this.#open.size) {
      this.#open = open;
      this.refresh();
    }
    if (this.found !== null && !this.rows.nodes.includes(first)) {
      this.search.clear();
      this.refresh();
    }
    this.activate(this.rows.nodes.indexOf(first));
    this.selected = new Set(nodes);
  }

  /** Makes the next, or the previous, thing found active. */
  step(direction: 1 | -1): void {
    const { matches } = this.search;
    const { nodes } = this.rows;
    for (let at = 1; at <= nodes.length; at += 1) {
      const index = (((this.active + at * direction) % nodes.length) + nodes.length) % nodes.length;
      const node = nodes[index];
      if (node !== undefined && matches.has(node)) {
        this.activate(index);
        return;
      }
    }
  }

  /** Makes a row active; extends the selection, adds to it, or starts it anew. */
  activate(index: number, how: 'only' | 'range' | 'toggle' | 'move' = 'only'): void {
    const node = this.rows.nodes[index];
    if (node === undefined) {
      return;
    }
    this.active = index;
    if (how === 'range' && this.#anchor >= 0) {
      const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
      this.selected = this.#alongWith(this.rows.nodes.slice(from, to + 1));
      return;
    }
    this.#anchor = index;
    if (how === 'toggle') {
      const next = new Set(this.selected);
      if (!next.delete(node)) {
        next.add(node);
      }
      this.selected = next;
    } else if (how !== 'move') {
      this.selected = new Set([node]);
    }
  }

  setOpen(node: TreeNode, open: boolean): void {
    if (node.kind !== 'directory' || this.isOpen(node) === open) {
      return;
    }
    if (this.found?.kept.has(node) === true) {
      this.#shut = changed(this.#shut, node, !open);
    } else {
      this.#open = changed(this.#open, node, open);
    }
    if (!open) {
      this.#leave(node);
    }
    this.refresh();
  }

  clear(): void {
    this.#open = new Set();
    this.selected = new Set();
    this.active = -1;
    this.#anchor = -1;
    this.search.clear();
    this.refresh();
  }

  selectAll(): void {
    this.selected = this.#alongWith(this.rows.nodes);
  }

  /** Moves or opens by key. Says whether the key meant something. */
  press(key: TreeKey): boolean {
    const last = this.rows.nodes.length - 1;
    switch (key.key) {
      case 'ArrowDown':
        return this.#go(this.active + 1, key);
      case 'ArrowUp':
        return this.#go(this.active - 1, key);
      case 'Home':
        return this.#go(0, key);
      case 'End':
        return this.#go(last, key);
      case 'PageDown':
        return this.#go(Math.min(last, this.active + this.pageRows), key);
      case 'PageUp':
        return this.#go(Math.max(0, this.active - this.pageRows), key);
      case 'ArrowRight':
        return this.#right();
      case 'ArrowLeft':
        return this.#left();
      case 'Enter':
        return this.#toggleActive();
      case ' ':
        this.activate(this.active, key.ctrl || this.selected.size > 1 ? 'toggle' : 'only');
        return true;
      case '*':
        return this.#openSiblings();
      case 'a':
        if (key.ctrl) {
          this.selectAll();
          return true;
        }
        return this.#typeAhead('a');
      default:
        return !key.ctrl && key.key.length === 1 && this.#typeAhead(key.key);
    }
  }

  #go(index: number, key: TreeKey): boolean {
    this.#typed = '';
    this.activate(
      Math.max(0, Math.min(index, this.rows.nodes.length - 1)),
      key.shift ? 'range' : key.ctrl ? 'move' : 'only',
    );
    return true;
  }

  #right(): boolean {
    const node = this.activeNode;
    if (node?.kind === 'directory') {
      if (!this.isOpen(node)) {
        this.setOpen(node, true);
      } else if (node.children.size > 0) {
        this.activate(this.active + 1);
      }
    }
    return true;
  }

  #left(): boolean {
    const node = this.activeNode;
    if (node?.kind === 'directory' && this.isOpen(node)) {
      this.setOpen(node, false);
    } else if (node !== null && node.parent !== null && node.parent !== this.#tree.root) {
      this.activate(this.rows.nodes.indexOf(node.parent));
    }
    return true;
  }

  #toggleActive(): boolean {
    const node = this.activeNode;
    if (node !== null) {
      this.setOpen(node, !this.isOpen(node));
    }
    return true;
  }

  #openSiblings(): boolean {
    const siblings = this.activeNode?.parent?.children.values() ?? [];
    const directories = [...siblings].filter((node) => node.kind === 'directory');
    this.#open = new Set([...this.#open, ...directories]);
    this.refresh();
    return true;
  }

  #typeAhead(letter: string): boolean {
    const now = performance.now();
    this.#typed = now - this.#typedAt < TYPE_AHEAD_MS ? this.#typed + letter : letter;
    this.#typedAt = now;
    const fold = folding(this.sorting.language);
    const wanted = fold(this.#typed);
    const count = this.rows.nodes.length;
    const first = this.#typed.length === 1 ? 1 : 0;
    for (let step = first; step < count + first; step += 1) {
      const index = (this.active + step + count) % count;
      const name = this.rows.nodes[index]?.name ?? '';
      if (fold(name).startsWith(wanted)) {
        this.activate(index);
        return true;
      }
    }
    return true;
  }

  /** A directory that closes over the active row becomes active itself. */
  #leave(closing: DirectoryNode): void {
    for (let at = this.activeNode?.parent ?? null; at !== null; at = at.parent) {
      if (at === closing) {
        this.activate(this.rows.nodes.indexOf(closing));
        return;
      }
    }
  }

  /**
   * Nodes that are selected together. Folders that a search shows only for what it found in them are not: whatever is done
   * to a folder is done to all that is in it.
   */
  #alongWith(nodes: readonly TreeNode[]): ReadonlySet<TreeNode> {
    const { found } = this;
    const isAround = (node: TreeNode) =>
      found?.kept.has(node as DirectoryNode) === true && !found.matches.has(node);
    return new Set(nodes.filter((node) => !isAround(node)));
  }

  #hasSelectedParent(node: TreeNode): boolean {
    for (let at = node.parent; at !== null; at = at.parent) {
      if (this.selected.has(at)) {
        return true;
      }
    }
    return false;
  }

  /** How many rows there are beside that of a node, with it. */
  #shownWith({ parent }: TreeNode): number {
    return parent === null ? 1 : (this.found?.kept.get(parent)?.length ?? parent.children.size);
  }

  #sort(sorting: Sorting): void {
    this.sorting = sorting;
    this.follow();
  }

  /** Sorts in slices what was too much to sort at once. */
  async #sortLarge(): Promise<void> {
    if (this.#isSorting) {
      return;
    }
    this.#isSorting = true;
    const { sorting } = this;
    const slicer = new Slicer();
    for (const directory of this.rows.unsorted) {
      await sortDirectory(directory, sorting, slicer);
      if (this.sorting !== sorting) {
        break;
      }
    }
    this.#isSorting = false;
    this.refresh();
  }

  #isSorting = false;
}

function isSame(a: RowView, b: RowView): boolean {
  return (Object.keys(b) as (keyof RowView)[]).every((key) => Object.is(a[key], b[key]));
}

/** The set with or without one more. */
function changed(set: ReadonlySet<TreeNode>, node: TreeNode, has: boolean): ReadonlySet<TreeNode> {
  const next = new Set(set);
  if (has) {
    next.add(node);
  } else {
    next.delete(node);
  }
  return next;
}
