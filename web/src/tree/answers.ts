/**
 * Answers of interfaces that take two functions, as promises.
 *
 * Chromium holds on to the functions of every call, and all they refer to, until it clears up thoroughly. So the same
 * few are used again and again: with two for each of 200,000 files, the page grows by tens of megabytes.
 */

type Take<T> = (answer: T) => void;
type Refuse = (error: unknown) => void;

class Answer {
  #resolve: Take<unknown> | null = null;
  #reject: Refuse | null = null;
  readonly #take = (answer: unknown): void => {
    this.#resolve?.(answer);
  };
  readonly #refuse = (error: unknown): void => {
    this.#reject?.(error);
  };

  of(ask: (take: Take<unknown>, refuse: Refuse) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      ask(this.#take, this.#refuse);
    });
  }
}

const idle: Answer[] = [];

/** What `ask` passes to the first of its functions; rejects with what it passes to the second. */
export async function answerOf<T>(ask: (take: Take<T>, refuse: Refuse) => void): Promise<T> {
  const answer = idle.pop() ?? new Answer();
  try {
    return (await answer.of(ask)) as T;
  } finally {
    idle.push(answer);
  }
}
