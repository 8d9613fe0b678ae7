import { smallestFor, type Medium } from '../../media/media.ts';
import type { Burnable, ReadyImage, Unready } from '../../state/burnable.ts';
import { explain } from '../../state/explain.ts';
import { readPieces, SaveError } from '../../save/save.ts';
import type { Shell } from '../../state/shell.svelte.ts';
import { takeHandles, type Handles } from '../../store/handles.ts';
import { Keeping } from '../../store/keeping.svelte.ts';
import type { Changes, KeptProject, KeptRoot, ProjectHeader } from '../../store/project-store.ts';
import { areReadable } from '../../save/unreadable.ts';
import { filesOf, type Given } from '../../tree/given.ts';
import { t } from '../../strings/strings.ts';
import { Sha256 } from '../../checksum/sha256.ts';
import { yieldToPage } from '../../schedule/slicer.ts';
import type { OpenProject } from '../kinds.ts';

/** What is kept of an image file: enough to know it again. */
interface KeptImage {
  name: string;
  size: number;
  modified: number;
}

export type ChecksumState =
  { stage: 'none' } | { stage: 'working'; done: number } | { stage: 'done'; sha256: string };

const KEYS = ['name', 'size', 'modified'] as const satisfies (keyof KeptImage)[];
const ROOT = 1;
const REPORT_MS = 100;

/** An image file of the user's that is going on a disc as it is. */
export class ImageProject implements OpenProject, Burnable {
  file = $state.raw<File | null>(null);
  /** What is known of a file that has to be found again. */
  #known = $state.raw<KeptImage | null>(null);
  checksum = $state.raw<ChecksumState>({ stage: 'none' });
  /** Whether the browser wants to be asked before it gives the file again. */
  asks = $state(false);
  readonly uploaded = null;
  readonly keeping: Keeping;

  readonly #shell: Shell;
  #header: ProjectHeader;
  #title = $state('');
  #root: KeptRoot | null;
  #abort = new AbortController();

  constructor(shell: Shell, kept: KeptProject) {
    this.#shell = shell;
    this.#header = kept.header;
    this.#root = kept.roots[0] ?? null;
    this.keeping = new Keeping(shell.store, () => Promise.resolve(this.#changes()));
    const known = asKeptImage(kept.header.settings);
    if (known !== null) {
      this.#known = known;
      this.#title = kept.header.name === known.name ? '' : kept.header.name;
    }
  }

  get title(): string {
    return this.#title === '' ? (this.name === '' ? t.kinds.image.title : this.name) : this.#title;
  }

  get name(): string {
    return this.file?.name ?? this.#known?.name ?? '';
  }

  get busy(): boolean {
    return this.checksum.stage === 'working';
  }

  get sizeBytes(): number {
    return this.file?.size ?? this.#known?.size ?? 0;
  }

  /** Whether the file is known but has to be found again. */
  get absent(): boolean {
    return this.file === null && this.#known !== null;
  }

  get unready(): Unready | null {
    return this.sizeBytes === 0 ? 'empty' : this.absent ? 'absent' : null;
  }

  /** The smallest disc it fits on. */
  get fits(): Medium | undefined {
    return smallestFor(this.sizeBytes);
  }

  open(): Promise<ReadyImage> {
    const { file } = this;
    if (file === null) {
      return Promise.reject(new SaveError({ kind: 'read', offset: 0 }));
    }
    return Promise.resolve({
      size: file.size,
      slice: (from, to) => file.slice(from, to),
      findUnreadable: async () => ((await areReadable([file])) ? null : file.name),
    });
  }

  shown(): void {
    void this.#find(false);
  }

  keep(): Promise<void> {
    return this.keeping.now();
  }

  discard(): void {
    this.keeping.stop();
    this.stopChecksum();
  }

  rename(name: string): void {
    this.#title = name.trim();
    this.keeping.schedule();
  }

  drop(dropped: Given): void {
    void this.#take(dropped, takeHandles());
  }

  /** Takes what was chosen in a dialogue. */
  pick(given: Given, handles: Handles): void {
    void this.#take(given, Promise.resolve(handles));
  }

  choose(file: File, handle: FileSystemHandle | null = null): void {
    const was = this.#known;
    const now = keptImageOf(file);
    if (was !== null && KEYS.some((key) => was[key] !== now[key])) {
      this.#shell.notices.info(t.image.another(was.name));
    }
    this.stopChecksum();
    this.file = file;
    this.#known = null;
    this.asks = false;
    this.#root = { number: ROOT, name: file.name, handle };
    this.keeping.schedule();
  }

  /** Asks the browser for the file again. Must be called from a click. */
  find(): Promise<void> {
    return this.#find(true);
  }

  /** Reads the whole file for its SHA-256. */
  async sum(): Promise<void> {
    const { file } = this;
    if (file === null) {
      return;
    }
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.checksum = { stage: 'working', done: 0 };
    try {
      const sha256 = await sha256Of(file, signal, (done) => {
        this.checksum = { stage: 'working', done };
      });
      this.checksum = { stage: 'done', sha256 };
    } catch (error) {
      this.checksum = { stage: 'none' };
      if (!signal.aborted) {
        const { what, todo } = explain(error);
        this.#shell.notices.error(what, todo);
      }
    }
  }

  stopChecksum(): void {
    this.#abort.abort();
    this.checksum = { stage: 'none' };
  }

  async #take(given: Given, pending: Promise<Handles>): Promise<void> {
    const handles = await pending;
    const [file] = await filesOf(given);
    if (file === undefined) {
      this.#shell.notices.error(t.image.noFile, t.image.noFileTodo);
      return;
    }
    this.choose(file, handles.get(file.name) ?? null);
  }

  async #find(ask: boolean): Promise<void> {
    const handle = this.#root?.handle ?? null;
    const { absent } = this;
    if (!absent || handle?.kind !== 'file') {
      return;
    }
    const wanted = { mode: 'read' } as const;
    try {
      const given = await (ask ? handle.requestPermission(wanted) : handle.queryPermission(wanted));
      this.asks = given === 'prompt';
      if (given !== 'granted') {
        return;
      }
      const file = await (handle as FileSystemFileHandle).getFile();
      if (this.absent) {
        this.choose(file, handle);
      }
    } catch {
      this.#shell.notices.error(t.image.lost(this.name), t.image.lostTodo);
    }
  }

  #changes(): (Changes & { kept: () => void }) | null {
    // A file that has to be found again first is kept as it was, under whatever name the project has now.
    const settings = this.file === null ? this.#known : keptImageOf(this.file);
    if (settings === null) {
      return null;
    }
    const header = {
      ...this.#header,
      name: this.title,
      changed: Date.now(),
      size: settings.size,
      files: 1,
      settings,
    };
    const kept = () => {
      this.#header = header;
    };
    return { header, pieces: [], gone: [], roots: this.#root === null ? [] : [this.#root], kept };
  }
}

function keptImageOf({ name, size, lastModified }: File): KeptImage {
  return { name, size, modified: lastModified };
}

function asKeptImage(value: unknown): KeptImage | null {
  const { name, size, modified } = (value ?? {}) as Partial<KeptImage>;
  return typeof name === 'string' && typeof size === 'number' && typeof modified === 'number'
    ? { name, size, modified }
    : null;
}

async function sha256Of(
  file: File,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<string> {
  const reader = readPieces(file.stream());
  const hash = new Sha256();
  let done = 0;
  let reported = 0;
  for (;;) {
    signal.throwIfAborted();
    const piece = await reader.read().catch(() => {
      throw new SaveError({ kind: 'read', offset: done });
    });
    if (piece.done) {
      return hash.hex();
    }
    hash.update(piece.value);
    done += piece.value.length;
    if (performance.now() - reported > REPORT_MS) {
      reported = performance.now();
      onProgress(done);
      await yieldToPage();
    }
  }
}
