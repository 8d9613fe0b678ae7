/** The service worker as the page sees it: it makes the page work offline, and brings newer versions of it. */
import type { ToWorker } from './shell-cache.ts';

const SCRIPT = 'service-worker.js';
/** How long a new version may take to arrive once the user wants it. */
const ARRIVAL_MS = 10_000;
/** A page that is still there by then was not left. The time does not pass while the browser asks. */
const STAY_MS = 3000;

export class Updates {
  /** A newer version is there; a reload brings it. */
  ready = $state(false);
  /** The user wants it. */
  reloading = $state(false);

  readonly #keepAll: () => Promise<void>;
  #registration: ServiceWorkerRegistration | null = null;

  /** `keepAll` saves what is open, before a reload. */
  constructor(keepAll: () => Promise<void>) {
    this.#keepAll = keepAll;
  }

  /** Starts to keep the page for offline use. Where the browser refuses that, the page needs its server. */
  async start(): Promise<void> {
    if (!('serviceWorker' in navigator)) {
      return;
    }
    // A part of the page is not there any more: the server has a newer page by now.
    addEventListener('vite:preloadError', () => {
      this.ready = true;
    });
    const { serviceWorker } = navigator;
    let controlled = serviceWorker.controller !== null;
    serviceWorker.addEventListener('controllerchange', () => {
      if (this.reloading) {
        this.#reloadPage();
      }
      // Another window has gone over to the new version, and this one's files may be gone.
      this.ready = this.ready || controlled;
      controlled = true;
    });
    try {
      const registration = await serviceWorker.register(SCRIPT, { updateViaCache: 'none' });
      this.#registration = registration;
      this.#note(registration.waiting);
      this.#note(registration.installing);
      registration.addEventListener('updatefound', () => {
        this.#note(registration.installing);
      });
    } catch {
      // A private window, or a server without the worker.
    }
  }

  /** Asks the server for a newer version. */
  async look(): Promise<void> {
    await this.#registration?.update().catch(() => undefined);
  }

  /** Goes over to the newest version there is. Projects are kept, and open again afterwards. */
  async reload(): Promise<void> {
    this.reloading = true;
    await this.#keepAll();
    await this.look();
    const arriving = this.#registration?.installing ?? null;
    if (arriving !== null) {
      await settled(arriving);
    }
    const waiting = this.#registration?.waiting ?? null;
    if (waiting === null) {
      this.#reloadPage();
    } else {
      waiting.postMessage('takeOver' satisfies ToWorker);
    }
  }

  #reloadPage(): void {
    location.reload();
    // Who stayed, because the browser asked whether to leave something unfinished, can try again.
    setTimeout(() => {
      this.reloading = false;
    }, STAY_MS);
  }

  /** The first version ever is no update. */
  #note(worker: ServiceWorker | null): void {
    if (worker === null || navigator.serviceWorker.controller === null) {
      return;
    }
    const check = (): void => {
      this.ready = this.ready || worker.state === 'installed';
    };
    check();
    worker.addEventListener('statechange', check);
  }
}

/** Resolves when a worker is installed, has failed, or takes too long. */
function settled(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ARRIVAL_MS);
    worker.addEventListener('statechange', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
