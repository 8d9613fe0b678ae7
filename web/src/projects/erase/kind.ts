/** Taking everything off a rewritable disc. */
import type { KindModule } from '../kinds.ts';
import { EraseTask } from './erase.svelte.ts';
import EraseView from './EraseView.svelte';

export const kind: KindModule<EraseTask> = {
  open: (shell) => Promise.resolve(new EraseTask(shell)),
  View: EraseView,
};
