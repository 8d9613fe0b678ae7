import type { EncodedTree } from './entries.ts';
import type {
  ImageParts,
  ImageWarning,
  NameReport,
  Outcome,
  PlannerError,
  PlannerReply,
  PlannerRequest,
  PlanOptions,
  PlanSummary,
} from './messages.ts';

type Unnumbered<T> = T extends PlannerRequest ? Omit<T, 'call'> : never;

function startWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'planner' });
}

/** The page's side of the planner. One worker; a crash answers all open questions and starts a fresh one. */
export class Planner {
  readonly #start: () => Worker;
  readonly #open = new Map<number, (reply: Outcome<unknown>) => void>();
  #worker: Worker | null = null;
  #calls = 0;

  constructor(start: () => Worker = startWorker) {
    this.#start = start;
  }

  /** Starts the worker and loads the planner before the first plan needs them. */
  warmUp(): void {
    void this.names(0, new Uint32Array());
  }

  /** Plans an image. The arrays are handed over, not copied: the caller's become empty. */
  plan(
    { entries, streams }: Pick<EncodedTree, 'entries' | 'streams'>,
    options: PlanOptions,
    contents: ReadonlyMap<number, Uint8Array> = new Map(),
  ): Promise<Outcome<PlanSummary>> {
    const columns = Object.values(entries) as ArrayBufferView[];
    const transfer = columns.map(({ buffer }) => buffer) as Transferable[];
    const named = streams.map(({ entry, name, file: { size } }) => ({ entry, name, size }));
    return this.#ask<PlanSummary>({ kind: 'plan', entries, streams: named, contents, options }, transfer);
  }

  /** What the entries with these numbers are called in each file system. */
  names(plan: number, indices: Uint32Array): Promise<Outcome<NameReport[]>> {
    return this.#ask<NameReport[]>({ kind: 'names', plan, indices });
  }

  /** What one should know of the image before it is written. */
  warnings(plan: number): Promise<Outcome<ImageWarning[]>> {
    return this.#ask<ImageWarning[]>({ kind: 'warnings', plan });
  }

  /** Segments and metadata of a plan, to put an image together from. */
  parts(plan: number): Promise<Outcome<ImageParts>> {
    return this.#ask<ImageParts>({ kind: 'parts', plan });
  }

  /** Ends the worker; open questions are not answered any more. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#open.clear();
  }

  #ask<T>(request: Unnumbered<PlannerRequest>, transfer: Transferable[] = []): Promise<Outcome<T>> {
    this.#worker ??= this.#startWorker();
    this.#calls += 1;
    const call = this.#calls;
    const worker = this.#worker;
    return new Promise((resolve) => {
      this.#open.set(call, resolve as (reply: Outcome<unknown>) => void);
      worker.postMessage({ ...request, call }, transfer);
    });
  }

  #startWorker(): Worker {
    const worker = this.#start();
    worker.addEventListener('message', (event: MessageEvent<PlannerReply>) => {
      this.#open.get(event.data.call)?.(event.data);
      this.#open.delete(event.data.call);
    });
    worker.addEventListener('error', (event) => {
      this.#fail({ kind: 'workerFailed', message: event.message });
    });
    return worker;
  }

  #fail(error: PlannerError): void {
    this.#worker?.terminate();
    this.#worker = null;
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const resolve of open) {
      resolve({ ok: false, error });
    }
  }
}
