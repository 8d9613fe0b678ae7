import { t } from '../strings/strings.ts';
import type { Step } from '../tree/history.ts';
import type { Notices } from './notices.svelte.ts';
import type { StepNotes, TreeEdits } from './tree-edits.svelte.ts';

/** Says what a step did and offers to take it back, as long as it is the last one. */
export class StepNotices {
  readonly #notices: Notices;
  readonly #edits: TreeEdits;
  #shown: number | null = null;

  constructor(notices: Notices, edits: TreeEdits) {
    this.#notices = notices;
    this.#edits = edits;
    edits.onStep = (step, notes) => {
      this.#withdraw();
      if (step.kind !== 'newFolder' && step.kind !== 'rename') {
        this.say(step, stepText(step, notes));
      }
    };
  }

  /** Shows a text about a step. */
  say(step: Step | null, text: string): void {
    this.#withdraw();
    const undo = () => {
      this.#withdraw();
      if (this.#edits.last === step) {
        this.#edits.undo();
      }
    };
    this.#shown = this.#notices.info(text, step === null ? undefined : { label: t.tree.undo, run: undo });
  }

  /** What was said of an earlier step cannot be taken back by its button any more. */
  #withdraw(): void {
    if (this.#shown !== null) {
      this.#notices.dismiss(this.#shown);
      this.#shown = null;
    }
  }
}

function stepText(step: Step, { replaced, renamed }: StepNotes): string {
  return [
    t.tree.did[step.kind](step.count),
    ...(replaced > 0 ? [t.contents.replaced(replaced)] : []),
    ...(renamed > 0 ? [t.contents.renamed(renamed)] : []),
  ].join(' ');
}
