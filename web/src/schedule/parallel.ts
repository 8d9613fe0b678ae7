/**
 * Works on what `next` gives until it gives no more, on at most `most` at a time. Work may make more to do.
 *
 * Rejects with the first failure, but only when all that was begun has ended: nothing goes on behind the caller's back.
 */
export function inParallel<T>(
  next: () => T | undefined,
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = 0;
    let failure: Error | null = null;
    const pump = () => {
      while (running < most && failure === null) {
        const item = next();
        if (item === undefined) {
          break;
        }
        running += 1;
        work(item).then(ended, failed);
      }
      if (running > 0) {
        return;
      }
      if (failure === null) {
        resolve();
      } else {
        reject(failure);
      }
    };
    const ended = () => {
      running -= 1;
      pump();
    };
    const failed = (reason: unknown) => {
      failure ??= reason instanceof Error ? reason : new Error(String(reason));
      ended();
    };
    pump();
  });
}
