import type { AgentImage, Drive } from '../../agent/types.ts';
import {
  chooseTarget,
  copyImage,
  imageFileName,
  openSink,
  orNothing,
  saveImage,
  type SaveTarget,
} from '../../save/save.ts';
import type { Burnable, ReadyImage } from '../../state/burnable.ts';
import { explain } from '../../state/explain.ts';
import type { Shell } from '../../state/shell.svelte.ts';
import { Task } from '../../state/task.svelte.ts';
import { t } from '../../strings/strings.ts';
import type { OpenProject } from '../kinds.ts';

/** Why a disc cannot be read. */
export type ReadObstacle = 'noDrive' | 'noMedium' | 'busy' | 'blank';

const REPORT_MS = 100;

/** An image that was read and is with the agent: it is burned without being sent. */
export class ReadImage implements Burnable {
  readonly unready = null;
  readonly uploaded: string;
  readonly name: string;
  readonly sizeBytes: number;

  constructor(image: AgentImage) {
    this.uploaded = image.id;
    this.name = image.name;
    this.sizeBytes = image.length;
  }

  open(): Promise<ReadyImage> {
    return Promise.reject(new Error('the agent has this image already'));
  }
}

/** Reading a disc into an image with the agent, and what is done with it then. */
export class CopyTask implements OpenProject {
  readonly task: Task;
  /** The image that was read. */
  image = $state.raw<ReadImage | null>(null);
  /** Bytes saved so far; `null` when nothing is being saved. */
  saving = $state<number | null>(null);
  readonly #shell: Shell;
  #abort = new AbortController();

  constructor(shell: Shell) {
    this.#shell = shell;
    this.task = new Task(shell.agent, ['read']);
  }

  get title(): string {
    return t.kinds.copy.title;
  }

  get busy(): boolean {
    return this.saving !== null;
  }

  get obstacle(): ReadObstacle | null {
    const { drive } = this.#shell.burning;
    if (drive === null) {
      return 'noDrive';
    }
    if (drive.state === 'busy' || drive.leasedBy !== null) {
      return 'busy';
    }
    return drive.medium === null ? 'noMedium' : drive.medium.status === 'blank' ? 'blank' : null;
  }

  async run(drive: Drive): Promise<void> {
    this.image = null;
    await this.task.start({ kind: 'read', drive: drive.id });
  }

  /** Asks the agent what became of the disc, once it was read. */
  async fetchImage(id: string): Promise<void> {
    if (this.image?.uploaded === id) {
      return;
    }
    try {
      this.image = new ReadImage(await this.#shell.agent.api.image(id));
    } catch (error) {
      const { what, todo } = explain(error);
      this.#shell.notices.error(what, todo);
    }
  }

  /** Saves the image where the user wants it. */
  async save(): Promise<void> {
    const { image } = this;
    if (image === null || this.saving !== null) {
      return;
    }
    this.#abort = new AbortController();
    try {
      const target = await chooseTarget(imageFileName(image.name));
      if (target !== null) {
        await orNothing(target, () => this.#save(image, target));
        const { notices } = this.#shell;
        notices.info(target.kind === 'file' ? t.save.done(target.handle.name) : t.save.started(target.name));
      }
    } catch (error) {
      const { notices } = this.#shell;
      if (this.#abort.signal.aborted) {
        notices.info(t.save.cancelled);
      } else {
        const { what, todo } = explain(error);
        notices.error(what, todo);
      }
    } finally {
      this.saving = null;
    }
  }

  stopSaving(): void {
    this.#abort.abort();
  }

  /** Puts the image away, for another disc. */
  dismiss(): void {
    this.image = null;
    this.task.dismiss();
  }

  async #save(image: ReadImage, target: SaveTarget): Promise<void> {
    const { signal } = this.#abort;
    this.saving = 0;
    const response = await this.#shell.agent.api.content(image.uploaded, signal);
    if (target.kind === 'download') {
      await saveImage(await response.blob(), target, () => undefined, signal);
      return;
    }
    let reported = 0;
    const onProgress = (done: number) => {
      const now = performance.now();
      if (now - reported > REPORT_MS) {
        reported = now;
        this.saving = done;
      }
    };
    const { body } = response;
    const sink = await openSink(target.handle);
    await copyImage(image.sizeBytes, body === null ? [] : [body], sink, onProgress, signal);
  }
}
