/** Project files that the system opens with the app where it is installed. */

interface Launch {
  readonly files: readonly FileSystemFileHandle[];
}

interface LaunchQueue {
  setConsumer(take: (launch: Launch) => void): void;
}

/** Passes on every file the app is opened with, those from before it was ready too. */
export function takeLaunches(open: (read: () => Promise<File>) => Promise<void>): void {
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files }) => {
    void (async () => {
      for (const handle of files) {
        await open(() => handle.getFile());
      }
    })();
  });
}
