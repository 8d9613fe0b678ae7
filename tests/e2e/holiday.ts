/** Folders as people have them, for pictures: most of their bytes are holes, which take no room. */
import { mkdir, open, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const MEGABYTE = 1024 * 1024;

/** Folders of photos: their name, the first day in them, how many there are. */
const DAYS = [
  ['1 Arrival', '2026-07-11', 18],
  ['2 Harbour', '2026-07-12', 42],
  ['3 Lighthouse', '2026-07-14', 31],
] as const;

/** Other files, with their size in megabytes. */
const FILES = [
  ['Films/Ferry.mp4', 284, '2026-07-11'],
  ['Films/Waves at night.mp4', 512, '2026-07-14'],
  ['Map of the island.pdf', 6, '2026-07-02'],
  ['Where we stayed.txt', 0.004, '2026-07-20'],
] as const;

async function makeHole(path: string, megabytes: number, day: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  await file.truncate(Math.round(megabytes * MEGABYTE));
  await file.close();
  const taken = new Date(`${day}T10:24:00Z`);
  await utimes(path, taken, taken);
}

/** Makes a folder of photos and films in `parent` and answers with its path. */
export async function makeHoliday(parent: string): Promise<string> {
  const root = join(parent, 'Summer 2026');
  for (const [folder, day, count] of DAYS) {
    for (let number = 1; number <= count; number += 1) {
      const name = `IMG_${String(number + Number(day.slice(-2)) * 60).padStart(4, '0')}.jpg`;
      await makeHole(join(root, folder, name), 3 + ((number * 37) % 29) / 10, day);
    }
  }
  for (const [path, megabytes, day] of FILES) {
    await makeHole(join(root, path), megabytes, day);
  }
  return root;
}
