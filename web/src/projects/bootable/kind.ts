/** A disc, or an image for a USB stick, that starts machines. */
import { App } from '../../state/app.svelte.ts';
import { newProject } from '../../store/project-store.ts';
import { planner } from '../disc/planner.ts';
import type { KindModule } from '../kinds.ts';
import { Boot } from './boot.svelte.ts';
import BootableView from './BootableView.svelte';

export const kind: KindModule<App<Boot>> = {
  open: (shell, kept) =>
    Promise.resolve(new App(shell, planner, kept ?? newProject('bootable'), (project) => new Boot(project))),
  View: BootableView,
};
