/** What can wait until the page is there and has nothing else to do. */
import { kindById } from '../projects/kinds.ts';
import type { Shell } from '../state/shell.svelte.ts';
import { takeLaunches } from './launch.ts';

/** Resolves when the page is loaded and idle. */
async function idle(): Promise<void> {
  if (document.readyState !== 'complete') {
    await new Promise((resolve) => {
      addEventListener('load', resolve, { once: true });
    });
  }
  await new Promise<void>((resolve) => {
    // Safari has no idle times to offer.
    if ('requestIdleCallback' in globalThis) {
      requestIdleCallback(() => {
        resolve();
      });
    } else {
      setTimeout(resolve, 500);
    }
  });
}

/** Loads the planner, which nearly everybody wants next, and then keeps the page for offline use. */
export async function afterwards(shell: Shell): Promise<void> {
  takeLaunches((read) => shell.importLaunched(read));
  await idle();
  try {
    const { keepFocus } = await import('../views/keep-focus.ts');
    keepFocus();
    const data = await kindById('data')?.load();
    data?.warmUp?.();
  } catch {
    // It is loaded when it is needed, and then what stands in the way is told.
  }
  // A page that is served from its sources has no service worker.
  if (import.meta.env.PROD) {
    await shell.updates.start();
  }
}
