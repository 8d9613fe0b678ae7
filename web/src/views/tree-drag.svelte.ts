import type { App } from '../state/app.svelte.ts';
import { takeDrop } from '../tree/given.ts';
import type { DirectoryNode, TreeNode } from '../tree/model.ts';
import { openedFile } from '../tree/open.ts';

/** Marks a drag as one of rows of the tree. */
const ROWS_TYPE = 'application/x-discwright-rows';
/** A closed directory opens after a drag has rested on it for so long. */
const OPEN_AFTER_MS = 700;
/** Near its upper and lower edge the tree scrolls under a drag. */
const EDGE = 36;
const FASTEST = 14;

/** Drags: of rows within the tree and out of it, of files into it. */
export class TreeDrag {
  /** Directory that would take the drop. */
  over = $state.raw<DirectoryNode | null>(null);

  readonly #app: App;
  #carried: readonly TreeNode[] = [];
  #resting: ReturnType<typeof setTimeout> | undefined;
  #scroller: HTMLElement | null = null;
  #speed = 0;
  #url: string | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether a drag of files, rather than of rows, is over the tree. */
  get bringsFiles(): boolean {
    return this.over !== null && this.#carried.length === 0;
  }

  /** A row begins to be dragged, and with it all that is selected. */
  start(event: DragEvent, index: number): void {
    const { view, edits } = this.#app.project;
    const node = view.rows.nodes[index];
    if (node === undefined || event.dataTransfer === null || edits.renaming !== null) {
      event.preventDefault();
      return;
    }
    if (!view.selected.has(node)) {
      view.activate(index);
    }
    this.#carried = view.selection;
    event.dataTransfer.effectAllowed = 'copyMove';
    event.dataTransfer.setData(ROWS_TYPE, '');
    this.#offerDownload(event.dataTransfer);
  }

  end(): void {
    this.leave();
    this.#carried = [];
    if (this.#url !== null) {
      const url = this.#url;
      this.#url = null;
      // The browser may still be copying what was dropped on the desktop.
      setTimeout(() => {
        URL.revokeObjectURL(url);
      }, 60_000);
    }
  }

  move(event: DragEvent): void {
    const transfer = event.dataTransfer;
    const isRows = transfer?.types.includes(ROWS_TYPE) === true;
    if (transfer === null || (!isRows && !transfer.types.includes('Files'))) {
      return;
    }
    event.preventDefault();
    // The window takes all other drops to nothing.
    event.stopPropagation();
    this.#scrollNear(event.clientY);
    const target = this.#directoryUnder(event);
    const takes = !isRows || this.#app.project.edits.canMove(this.#carried, target);
    transfer.dropEffect = takes ? (isRows ? 'move' : 'copy') : 'none';
    this.#rest(takes ? target : null);
  }

  leave(): void {
    this.#rest(null);
    this.#speed = 0;
  }

  drop(event: DragEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const target = this.#directoryUnder(event);
    const isRows = event.dataTransfer?.types.includes(ROWS_TYPE) === true;
    const carried = this.#carried;
    this.leave();
    this.#carried = [];
    if (isRows) {
      this.#app.project.edits.move(carried, target);
    } else if (event.dataTransfer !== null) {
      this.#app.drop(takeDrop(event.dataTransfer), target);
    }
  }

  /** Tells which element scrolls. */
  attach(scroller: HTMLElement): void {
    this.#scroller = scroller;
  }

  #directoryUnder(event: DragEvent): DirectoryNode {
    const { view, tree } = this.#app.project;
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    const node = view.rows.nodes[Number(row?.getAttribute('data-index') ?? -1)];
    return node?.kind === 'directory' ? node : (node?.parent ?? tree.root);
  }

  #rest(target: DirectoryNode | null): void {
    if (target === this.over) {
      return;
    }
    this.over = target;
    clearTimeout(this.#resting);
    if (target !== null) {
      this.#resting = setTimeout(() => {
        this.#app.project.view.setOpen(target, true);
      }, OPEN_AFTER_MS);
    }
  }

  #scrollNear(y: number): void {
    const box = this.#scroller?.getBoundingClientRect();
    if (box === undefined) {
      return;
    }
    const was = this.#speed;
    const [above, below] = [y - box.top, box.bottom - y];
    const nearness = above < EDGE ? above / EDGE - 1 : below < EDGE ? 1 - below / EDGE : 0;
    this.#speed = Math.max(-1, Math.min(1, nearness)) * FASTEST;
    if (was === 0 && this.#speed !== 0) {
      this.#scroll();
    }
  }

  #scroll(): void {
    if (this.#speed === 0) {
      return;
    }
    this.#scroller?.scrollBy(0, this.#speed);
    requestAnimationFrame(() => {
      this.#scroll();
    });
  }

  /** A single file can be dropped on the desktop, where the browser can do that. */
  #offerDownload(transfer: DataTransfer): void {
    const [node] = this.#carried;
    const file = this.#carried.length === 1 ? openedFile(node) : null;
    if (file !== null && node !== undefined) {
      this.#url = URL.createObjectURL(file);
      const type = file.type === '' ? 'application/octet-stream' : file.type;
      transfer.setData('DownloadURL', `${type}:${node.name.replaceAll(':', '_')}:${this.#url}`);
    }
  }
}
