/**
 * Answers of interfaces that take two functions, as promises.
 *
 * Chromium holds on to the functions of every call, and all they refer to, until it clears up thoroughly. So the same
 * few are used again and again: with two for each of 200,000 files, the page grows by tens of megabytes. What it makes
 * for an answer itself is cleared away every now and then.
 */
import { askToClearUp } from '../schedule/clear-up.ts';

/** Answers whose remains are cleared away together. */
const CLEARED_TOGETHER = 20_000;

type Take<T> = (answer: T) => void;
type Refuse = (error: unknown) => void;

class Answer {
  #resolve: Take<unknown> | null = null;
  #reject: Refuse | null = null;
  readonly #take = (answer: unknown): void => {
    const resolve = this.#resolve;
    this.#end();
    resolve?.(answer);
  };
  readonly #refuse = (error: unknown): void => {
    const reject = this.#reject;
    this.#end();
    reject?.(error);
  };

  of(ask: (take: Take<unknown>, refuse: Refuse) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      ask(this.#take, this.#refuse);
    });
  }

  #end(): void {
    this.#resolve = null;
    this.#reject = null;
    idle.push(this);
    given += 1;
    if (given % CLEARED_TOGETHER === 0) {
      askToClearUp();
    }
  }
}

const idle: Answer[] = [];
let given = 0;

/** What `ask` passes to the first of its functions; rejects with what it passes to the second. */
export function answerOf<T>(ask: (take: Take<T>, refuse: Refuse) => void): Promise<T> {
  const answer = idle.pop() ?? new Answer();
  return answer.of(ask) as Promise<T>;
}
