/** A disc of files and folders. */
import { App } from '../../state/app.svelte.ts';
import { newProject } from '../../store/project-store.ts';
import DiscView from '../disc/DiscView.svelte';
import { planner } from '../disc/planner.ts';
import type { KindModule } from '../kinds.ts';

export const kind: KindModule<App> = {
  open: (shell, kept) => Promise.resolve(new App(shell, planner, kept ?? newProject('data'), () => null)),
  View: DiscView,
  warmUp: () => {
    planner.warmUp();
  },
};
