/** A DVD or Blu-ray that players play. */
import { App } from '../../state/app.svelte.ts';
import { newProject } from '../../store/project-store.ts';
import { planner } from '../disc/planner.ts';
import type { KindModule } from '../kinds.ts';
import { Video } from './video.svelte.ts';
import VideoView from './VideoView.svelte';

export const kind: KindModule<App<Video>> = {
  open: (shell, kept) =>
    Promise.resolve(new App(shell, planner, kept ?? newProject('video'), (project) => new Video(project))),
  View: VideoView,
};
