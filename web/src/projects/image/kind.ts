/** An image file that is burned as it is. */
import { newProject } from '../../store/project-store.ts';
import type { KindModule } from '../kinds.ts';
import { ImageProject } from './image.svelte.ts';
import ImageView from './ImageView.svelte';

export const kind: KindModule<ImageProject> = {
  open: (shell, kept) => Promise.resolve(new ImageProject(shell, kept ?? newProject('image'))),
  View: ImageView,
};
