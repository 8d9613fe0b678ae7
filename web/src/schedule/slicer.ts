/**
 * Cooperative work on the page's own thread: long loops stop after a few milliseconds and let the
 * browser handle input and draw before they go on.
 */

/** Longest run of work between two turns, well below the 50 ms browsers report as a long task. */
export const SLICE_MS = 8;

interface WithScheduler {
  scheduler?: { yield?: () => Promise<void> };
}

function turnByMessage(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}

/** Ends the current task; what follows runs in a new one. Never throttled the way timers are. */
export function yieldToPage(): Promise<void> {
  const scheduler = (globalThis as WithScheduler).scheduler;
  return scheduler?.yield ? scheduler.yield() : turnByMessage();
}

/** Watches one piece of sliced work. In the loop: `if (slicer.due) { await slicer.turn(); }`. */
export class Slicer {
  readonly #signal: AbortSignal | undefined;
  #started = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether the slice has lasted long enough that the page must have a turn. */
  get due(): boolean {
    return performance.now() - this.#started >= SLICE_MS;
  }

  /** Lets the page have its turn. Rejects with the signal's reason once the work is cancelled. */
  async turn(): Promise<void> {
    this.#signal?.throwIfAborted();
    await yieldToPage();
    this.#signal?.throwIfAborted();
    this.#started = performance.now();
  }
}
