import type { TreeView } from '../state/treeview.svelte.ts';

/** A finger that rests for so long asks for the menu. */
const LONG_PRESS_MS = 500;
/** A finger that moves further than this does not rest. */
const STILL_PX = 10;

function partOf(event: Event, selector: string): Element | null {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/** Index of the row an event happened in; -1 beside all rows. */
export function rowUnder(event: Event): number {
  return Number(partOf(event, '[data-index]')?.getAttribute('data-index') ?? -1);
}

/** Mouse and fingers on the tree. */
export class TreePointer {
  /** Fingers scroll; only what points exactly drags rows. */
  isMouse = $state(true);
  readonly #view: TreeView;
  readonly #onmenu: (x: number, y: number) => void;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #start = { x: 0, y: 0 };
  #opened = false;

  constructor(view: TreeView, onmenu: (x: number, y: number) => void) {
    this.#view = view;
    this.#onmenu = onmenu;
  }

  down(event: PointerEvent): void {
    this.isMouse = event.pointerType !== 'touch';
    this.#opened = false;
    clearTimeout(this.#resting);
    const index = rowUnder(event);
    if (!this.isMouse && index >= 0) {
      this.#start = { x: event.clientX, y: event.clientY };
      this.#resting = setTimeout(() => {
        this.#openMenu(index, this.#start.x, this.#start.y);
      }, LONG_PRESS_MS);
    }
  }

  moved(event: PointerEvent): void {
    if (Math.hypot(event.clientX - this.#start.x, event.clientY - this.#start.y) > STILL_PX) {
      clearTimeout(this.#resting);
    }
  }

  up(): void {
    clearTimeout(this.#resting);
  }

  contextMenu(event: MouseEvent): void {
    if (partOf(event, 'input') !== null) {
      return;
    }
    event.preventDefault();
    clearTimeout(this.#resting);
    if (!this.#opened) {
      this.#openMenu(rowUnder(event), event.clientX, event.clientY);
    }
  }

  click(event: MouseEvent): void {
    const index = rowUnder(event);
    const node = this.#view.rows.nodes[index];
    if (this.#opened || node === undefined || partOf(event, 'input') !== null) {
      this.#opened = false;
    } else if (partOf(event, '.chevron') !== null && node.kind === 'directory') {
      this.#view.setOpen(node, !this.#view.isOpen(node));
    } else {
      const toggles = event.ctrlKey || event.metaKey;
      this.#view.activate(index, event.shiftKey ? 'range' : toggles ? 'toggle' : 'only');
    }
  }

  doubleClick(event: MouseEvent): void {
    const node = this.#view.rows.nodes[rowUnder(event)];
    if (node !== undefined && partOf(event, '.chevron, input') === null) {
      this.#view.setOpen(node, !this.#view.isOpen(node));
    }
  }

  #openMenu(index: number, x: number, y: number): void {
    const node = this.#view.rows.nodes[index];
    this.#opened = true;
    if (node !== undefined) {
      this.#view.activate(index, this.#view.selected.has(node) ? 'move' : 'only');
    }
    this.#onmenu(x, y);
  }
}
