/** The service worker: opens the page from what it kept. It is a file of its own, without imports once it is built. */
import { ShellCache, type ShellFiles, type ToWorker } from './shell-cache.ts';

/** The build puts the list in. */
declare const __SHELL_FILES__: ShellFiles;

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Installing extends Extendable {
  /** Static routes: requests that never wake the worker. Not in every browser. */
  addRoutes?(rules: readonly { condition: { urlPattern: string }; source: 'network' }[]): Promise<void>;
}

interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(reply: Promise<Response>): void;
}

/** The part of `ServiceWorkerGlobalScope` that is used here; its types do not go together with those of pages. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install', listener: (event: Installing) => void): void;
  addEventListener(type: 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

const worker = globalThis as unknown as Scope;
const shell = new ShellCache(__SHELL_FILES__, worker.registration.scope, caches, (input, init) =>
  fetch(input, init),
);

worker.addEventListener('install', (event) => {
  event.waitUntil(shell.install());
  // Uploads and events of the agent have no business here, where the browser can be told so.
  void event.addRoutes?.([{ condition: { urlPattern: '/v1/*' }, source: 'network' }]).catch(() => undefined);
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(shell.clean().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const reply = shell.answer(event.request);
  if (reply !== null) {
    event.respondWith(reply);
  }
});

// A new version waits until the page asks for it: an old page must not get the files of a new one.
worker.addEventListener('message', (event) => {
  if (event.data === ('takeOver' satisfies ToWorker)) {
    void worker.skipWaiting();
  }
});
