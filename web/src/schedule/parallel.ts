/** Works on what `next` gives until it gives no more, on at most `most` at a time. Work may make more to do. */
export function inParallel<T>(
  next: () => T | undefined,
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = 0;
    let failed = false;
    const fail = (reason: unknown) => {
      failed = true;
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    };
    const pump = () => {
      while (running < most && !failed) {
        const item = next();
        if (item === undefined) {
          break;
        }
        running += 1;
        work(item).then(() => {
          running -= 1;
          pump();
        }, fail);
      }
      if (running === 0 && !failed) {
        resolve();
      }
    };
    pump();
  });
}
