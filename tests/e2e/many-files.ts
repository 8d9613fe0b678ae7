/** Many small files, on the disk or in the page alone. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

export const FOLDERS = 2000;
/** Files in each folder. */
export const FILES = 100;

export async function makeManyFiles(root: string): Promise<void> {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const path = join(root, `folder ${folder}`);
    await mkdir(path, { recursive: true });
    await Promise.all(
      Array.from({ length: FILES }, (_, file) => writeFile(join(path, `file number ${file}.txt`), `${file}`)),
    );
  }
}

/**
 * Drops a folder of files that have a name, a size and a time, which is all a plan takes, but no content. The
 * page's own work is that for a real folder; left out is the browser's, a tenth of a millisecond for each file.
 */
export async function dropManyFiles(
  page: Page,
  { folders, files } = { folders: FOLDERS, files: FILES },
): Promise<void> {
  await page.evaluate(
    ({ folders, files }) => {
      // Answers come in tasks of their own, as the browser's do, but a batch in each.
      let waiting: (() => void)[] = [];
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const batch = waiting;
        waiting = [];
        for (const work of batch) {
          work();
        }
      };
      const later = (work: () => void) => {
        if (waiting.push(work) === 1) {
          port2.postMessage(null);
        }
      };
      const file = (name: string, number: number) => ({
        name,
        isFile: true,
        isDirectory: false,
        getMetadata: (take: (metadata: { size: number; modificationTime: Date }) => void) => {
          later(() => {
            take({ size: 1 + (number % 5000), modificationTime: new Date(1_600_000_000_000 + number) });
          });
        },
      });
      const directory = (name: string, list: () => unknown[]) => ({
        name,
        isFile: false,
        isDirectory: true,
        createReader: () => {
          const children = list();
          let at = 0;
          const readEntries = (take: (batch: readonly unknown[]) => void) => {
            later(() => {
              take(children.slice(at, at + 100));
              at += 100;
            });
          };
          return { readEntries };
        },
      });
      const inFolder = (folder: number) =>
        Array.from({ length: files }, (_, number) => file(`file number ${number}.txt`, folder + number));
      const root = directory('many', () =>
        Array.from({ length: folders }, (_, folder) => directory(`folder ${folder}`, () => inFolder(folder))),
      );
      DataTransferItem.prototype.webkitGetAsEntry = () => root as unknown as FileSystemEntry;
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([], 'many'));
      const contents = document.querySelector('#contents');
      contents?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    { folders, files },
  );
}
