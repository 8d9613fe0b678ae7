/** Reading a disc: into a file, or onto another disc. */
import type { KindModule } from '../kinds.ts';
import { CopyTask } from './copy.svelte.ts';
import CopyView from './CopyView.svelte';

export const kind: KindModule<CopyTask> = {
  open: (shell) => Promise.resolve(new CopyTask(shell)),
  View: CopyView,
};
