import {
  chooseTarget,
  copyImage,
  imageFileName,
  openSink,
  orNothing,
  saveImage,
  SaveError,
  type ByteStream,
  type SaveTarget,
} from '../save/save.ts';
import { t } from '../strings/strings.ts';
import { explain, FileChangedError, throwIfFileChanged } from './explain.ts';
import type { Notices } from './notices.svelte.ts';
import type { PlannedImage } from './planned-image.ts';
import type { Planning } from './planning.svelte.ts';

export type SaveState =
  | { stage: 'idle' }
  | { stage: 'preparing' }
  | { stage: 'opening'; done: number; total: number }
  | { stage: 'checking'; done: number; total: number }
  | { stage: 'writing'; done: number; total: number };

/** Progress is shown at most this often. */
const REPORT_MS = 100;

/** Saves the image to a file. */
export class Saving {
  state = $state.raw<SaveState>({ stage: 'idle' });
  readonly #planning: Planning;
  readonly #notices: Notices;
  #abort = new AbortController();

  constructor(planning: Planning, notices: Notices) {
    this.#planning = planning;
    this.#notices = notices;
  }

  get busy(): boolean {
    return this.state.stage !== 'idle';
  }

  cancel(): void {
    this.#abort.abort(new SaveError({ kind: 'cancelled' }));
  }

  /** Asks where and saves. Everything that can go wrong ends as a notice. */
  async run(volume: string): Promise<void> {
    if (this.busy) {
      return;
    }
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const target = await chooseTarget(imageFileName(volume));
      if (target !== null) {
        await orNothing(target, () => this.#save(target, signal));
        this.#notices.info(
          target.kind === 'file' ? t.save.done(target.handle.name) : t.save.started(target.name),
        );
      }
    } catch (error) {
      this.#tell(error);
    } finally {
      this.state = { stage: 'idle' };
    }
  }

  /** A download is one Blob: the browser fetches it by itself. All else is written piece by piece. */
  async #save(target: SaveTarget, signal: AbortSignal): Promise<void> {
    this.state = { stage: 'preparing' };
    await (target.kind === 'download'
      ? this.#download(target, signal)
      : this.#write(await this.#planning.image(signal), target.handle, signal));
  }

  async #download(target: SaveTarget, signal: AbortSignal): Promise<void> {
    const { image, blob } = await this.#planning.compose(signal, (done, total) => {
      this.state = done === total ? { stage: 'preparing' } : { stage: 'opening', done, total };
    });
    // The browser reports a file that fails during a download to nobody, so all are looked at before.
    const bad = await image.firstUnreadable(signal, this.#checking);
    if (bad !== null) {
      throw new FileChangedError(image.pathOf(bad));
    }
    await saveImage(blob, target, () => undefined, signal);
  }

  async #write(image: PlannedImage, handle: FileSystemFileHandle, signal: AbortSignal): Promise<void> {
    await image.check(signal, this.#checking);
    const total = image.size;
    let reported = 0;
    const onProgress = (done: number) => {
      const now = performance.now();
      if (now - reported > REPORT_MS) {
        reported = now;
        this.state = { stage: 'writing', done, total };
      }
    };
    try {
      await copyImage(total, streamsOf(image.pieces()), await openSink(handle), onProgress, signal);
    } catch (error) {
      if (error instanceof SaveError && error.failure.kind === 'read') {
        await throwIfFileChanged(image, error.failure.offset, signal);
      }
      throw error;
    }
  }

  readonly #checking = (done: number, total: number): void => {
    this.state = { stage: 'checking', done, total };
  };

  #tell(error: unknown): void {
    const { what, todo } = explain(error);
    if (error instanceof SaveError && error.failure.kind === 'cancelled') {
      this.#notices.info(what);
    } else {
      this.#notices.error(what, todo);
    }
  }
}

async function* streamsOf(blobs: AsyncIterable<Blob>): AsyncGenerator<ByteStream> {
  for await (const blob of blobs) {
    yield blob.stream();
  }
}
