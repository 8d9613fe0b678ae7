import { AgentError } from '../agent/api.ts';
import {
  isOver,
  type BurnRequest,
  type Drive,
  type DriveMedium,
  type Job,
  type VerifyLevel,
} from '../agent/types.ts';
import type { Inlay } from '../inlay/inlay.ts';
import { BLOCK_SIZE } from '../media/media.ts';
import { imageFileName } from '../save/save.ts';
import type { Agent } from './agent.svelte.ts';
import type { Burnable, Unready } from './burnable.ts';
import { explain, throwIfFileChanged, type Explanation } from './explain.ts';

/** What the page itself does before the agent's job takes over. */
export type BurnStage =
  | { stage: 'idle' }
  | { stage: 'preparing' }
  | { stage: 'checking'; checked: number; files: number }
  | { stage: 'uploading'; sent: number; total: number; interrupted: boolean }
  | { stage: 'starting' }
  | { stage: 'job'; id: string }
  | { stage: 'failed'; error: Explanation };

/** Why the burn button is off. */
export type BurnObstacle = Unready | 'noDrive' | 'noMedium' | 'notWritable' | 'tooLarge' | 'busy';

/** The job shown last, kept so that a reload finds it even when it has ended meanwhile. */
const JOB_KEY = 'discwright.job';
const REPORT_MS = 100;

function storedJob(): string | null {
  try {
    return sessionStorage.getItem(JOB_KEY);
  } catch {
    return null;
  }
}

function storeJob(id: string | null): void {
  try {
    if (id === null) {
      sessionStorage.removeItem(JOB_KEY);
    } else {
      sessionStorage.setItem(JOB_KEY, id);
    }
  } catch {
    // Without storage a reload finds only jobs that still run.
  }
}

/** From the burn button to the finished disc. A page burns one disc at a time, whichever project it shows. */
export class Burning {
  stage = $state.raw<BurnStage>({ stage: 'idle' });
  chosenDrive = $state<string | null>(null);
  verify = $state<VerifyLevel>('full');
  /** Write speed as a multiple; `null` for the drive's best. */
  speed = $state<number | null>(null);
  ejectAfter = $state(false);
  cancelling = $state(false);
  /** Whether the running job was found, not started, by this page. */
  found = $state(false);

  /** What was burned by the job of this id: as it was then, whatever becomes of the project. */
  #made = $state.raw<{ job: string; inlay: Omit<Inlay, 'sha256' | 'date'> } | null>(null);

  readonly #agent: Agent;
  #abort = new AbortController();
  /** The burn of this page, until the agent's job has taken over. Never rejects. */
  #running = Promise.resolve();
  /** A job that ended and was put away is not shown again. */
  #dismissed = new Set<string>();

  constructor(agent: Agent) {
    this.#agent = agent;
    const id = storedJob();
    if (id !== null) {
      this.stage = { stage: 'job', id };
      this.found = true;
    }
  }

  /** The drive that is chosen: the user's choice, else one with a writable disc, else the first. */
  get drive(): Drive | null {
    const { drives } = this.#agent;
    return (
      this.#agent.drive(this.chosenDrive) ??
      drives.find((drive) => drive.medium?.writable === true) ??
      drives[0] ??
      null
    );
  }

  /** The agent's job that is shown: this page's own, or one that was found running. */
  get job(): Job | null {
    if (this.stage.stage === 'job') {
      return this.#agent.jobs.get(this.stage.id) ?? null;
    }
    if (this.stage.stage !== 'idle') {
      return null;
    }
    const jobs = [...this.#agent.jobs.values()];
    return jobs.find((job) => job.kind === 'burn' && !isOver(job) && !this.#dismissed.has(job.id)) ?? null;
  }

  /** Whether there is something to show in place of the burn options. */
  get active(): boolean {
    return this.stage.stage === 'job' ? this.job !== null : this.stage.stage !== 'idle' || this.job !== null;
  }

  /** Whether closing the page now would end the burn. */
  get needsPage(): boolean {
    return ['preparing', 'checking', 'uploading', 'starting'].includes(this.stage.stage);
  }

  /** What belongs in the case of the disc that was burned; `null` where the page does not know what is on it. */
  get inlay(): Inlay | null {
    const { job } = this;
    if (job === null || this.#made?.job !== job.id || job.finished === null) {
      return null;
    }
    return { ...this.#made.inlay, date: Date.parse(job.finished), sha256: job.result?.sha256 ?? null };
  }

  /** What stands in the way of burning this to the chosen drive. */
  obstacle(what: Burnable): BurnObstacle | null {
    if (what.unready !== null) {
      return what.unready;
    }
    const drive = this.drive;
    if (drive === null) {
      return 'noDrive';
    }
    if (drive.medium === null) {
      return 'noMedium';
    }
    if (drive.state === 'busy' || drive.leasedBy !== null) {
      return 'busy';
    }
    if (!drive.medium.writable) {
      return 'notWritable';
    }
    return what.sizeBytes > mediumRoom(drive) ? 'tooLarge' : null;
  }

  /** Burns to the drive as it was shown when the user said yes; `confirmed` carries its medium's fingerprint. */
  run(what: Burnable, confirmed: Drive): Promise<void> {
    const { medium } = confirmed;
    if (medium !== null && !this.needsPage) {
      this.#abort = new AbortController();
      this.#running = this.#run(what, confirmed.id, medium, this.#abort.signal);
    }
    return this.#running;
  }

  async #run(
    what: Burnable,
    drive: string,
    { label: medium, fingerprint }: DriveMedium,
    signal: AbortSignal,
  ): Promise<void> {
    this.found = false;
    try {
      const outline = what.outline?.() ?? null;
      const { name, sizeBytes } = what;
      const image = what.uploaded ?? (await this.#send(what, signal));
      signal.throwIfAborted();
      this.stage = { stage: 'starting' };
      const job = await this.#agent.api.startJob(this.#request(image, drive, fingerprint));
      this.#agent.noteJob(job);
      storeJob(job.id);
      this.#made =
        outline === null
          ? null
          : { job: job.id, inlay: { title: what.title ?? name, volume: name, medium, sizeBytes, outline } };
      this.stage = { stage: 'job', id: job.id };
    } catch (error) {
      this.stage = signal.aborted ? { stage: 'idle' } : { stage: 'failed', error: explain(error) };
    }
  }

  /** Stops what is going on: the page's part at once, the agent's by asking. */
  async cancel(): Promise<Explanation | null> {
    this.cancelling = true;
    try {
      const id = this.job?.id ?? (await this.#stop());
      if (id !== null) {
        await this.#agent.api.cancel(id);
      }
      return null;
    } catch (error) {
      return explain(error);
    } finally {
      this.cancelling = false;
    }
  }

  /** Stops the page's part. Answers with the job that had been asked for by then, and is under way. */
  async #stop(): Promise<string | null> {
    this.#abort.abort(new DOMException('cancelled', 'AbortError'));
    await this.#running;
    return this.stage.stage === 'job' ? this.stage.id : null;
  }

  /** Puts a finished or failed burn away. */
  dismiss(): void {
    const { job } = this;
    if (job !== null) {
      this.#dismissed.add(job.id);
    }
    storeJob(null);
    this.stage = { stage: 'idle' };
  }

  /** Puts a disc that is done away, so that it is not taken for the one of another project. What went wrong stays. */
  dismissDone(): void {
    if (this.stage.stage === 'job' && this.job?.state === 'succeeded') {
      this.dismiss();
    }
  }

  async #send(what: Burnable, signal: AbortSignal): Promise<string> {
    this.stage = { stage: 'preparing' };
    const opened = what.open(signal, (checked, files) => {
      this.stage = { stage: 'checking', checked, files };
    });
    const [image, { upload }] = await Promise.all([opened, import('../agent/tus.ts')]);
    const total = image.size;
    let reported = 0;
    let sentLast = 0;
    const location = await upload(image, {
      endpoint: this.#agent.api.url('/v1/images'),
      name: imageFileName(what.name),
      headers: () => this.#agent.api.authorization(),
      signal,
      onProgress: (sent, interrupted) => {
        sentLast = sent;
        const now = performance.now();
        if (interrupted || now - reported > REPORT_MS) {
          reported = now;
          this.stage = { stage: 'uploading', sent, total, interrupted };
        }
      },
      onCut: () => throwIfFileChanged(image, sentLast, signal),
    });
    const id = location.slice(location.lastIndexOf('/') + 1);
    if (id === '') {
      throw new AgentError({ code: 'notTheAgent', title: 'the upload has no name', status: 201 });
    }
    return id;
  }

  #request(image: string, drive: string, fingerprint: string): BurnRequest {
    return {
      kind: 'burn',
      drive,
      image,
      verify: this.verify,
      ...(this.speed === null ? {} : { speed: this.speed }),
      ...(this.ejectAfter ? { eject: true } : {}),
      confirm: { drive, medium: fingerprint },
    };
  }
}

/** Bytes a new image may have on the medium in a drive. */
export function mediumRoom(drive: Drive): number {
  const { medium } = drive;
  if (medium === null) {
    return 0;
  }
  return (medium.rewritable ? medium.capacityBlocks : medium.freeBlocks) * BLOCK_SIZE;
}
