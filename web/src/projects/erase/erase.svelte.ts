import type { Drive } from '../../agent/types.ts';
import type { Shell } from '../../state/shell.svelte.ts';
import { Task } from '../../state/task.svelte.ts';
import { t } from '../../strings/strings.ts';
import type { OpenProject } from '../kinds.ts';
import { eraseObstacle, eraseRequest, type EraseObstacle } from './erasing.ts';

/** Erasing a disc, from the choice of the drive to what came of it. */
export class EraseTask implements OpenProject {
  full = $state(false);
  readonly busy = false;
  readonly task: Task;
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.task = new Task(shell.agent, ['erase', 'format']);
  }

  get title(): string {
    return t.kinds.erase.title;
  }

  get drive(): Drive | null {
    return this.#shell.burning.drive;
  }

  get obstacle(): EraseObstacle | null {
    return eraseObstacle(this.drive);
  }

  /** Erases the disc as it was shown when the user said yes. */
  async run(confirmed: Drive): Promise<void> {
    if (confirmed.medium !== null) {
      await this.task.start(eraseRequest(confirmed.id, confirmed.medium, this.full));
    }
  }
}
