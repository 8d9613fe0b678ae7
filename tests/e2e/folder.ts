/** A real folder with what is hard about folders. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Bytes that do not repeat, and are the same in every run. */
function bytes(length: number, seed: number): Buffer {
  const out = Buffer.alloc(length);
  let state = seed * 2654435761 + 1;
  for (let at = 0; at + 4 <= length; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out.writeUInt32LE(state, at);
  }
  return out;
}

const MEGABYTE = 1024 * 1024;

/** The folder the deepest file of a test folder lies in, twelve levels down. */
export const DEEPEST = Array.from({ length: 12 }, (_, level) => `level ${level + 1}`);
export const EMOJI_NAME = 'Sommer 🏖️ – Größe.txt';
export const LONG_NAME = `${'long name '.repeat(19)}end12.data`;

const FILES: readonly (readonly [path: string, content: Buffer])[] = [
  ['read me.txt', Buffer.from('What is on this disc?\n')],
  ['empty.dat', Buffer.alloc(0)],
  [EMOJI_NAME, Buffer.from('Sonne')],
  [LONG_NAME, bytes(2049, 3)],
  ['films/intro.mpg', bytes(5 * MEGABYTE + 17, 5)],
  ['films/exactly one block.bin', bytes(2048, 7)],
  [[...DEEPEST, 'treasure.txt'].join('/'), Buffer.from('twelve down')],
];

/** Times with milliseconds, which UDF and Rock Ridge keep and other programs round. */
const MODIFIED = new Date('2021-03-04T05:06:07.890Z');

/** Makes the folder `name` in `parent` and answers with its path. */
export async function makeFolder(parent: string, name: string): Promise<string> {
  const root = join(parent, name);
  await mkdir(join(root, 'empty folder'), { recursive: true });
  for (const [path, content] of FILES) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await utimes(file, MODIFIED, MODIFIED);
  }
  return root;
}

/** A file of this many megabytes that do not repeat. */
export async function makeFile(path: string, megabytes: number): Promise<void> {
  const piece = bytes(MEGABYTE, 11);
  await writeFile(
    path,
    Array.from({ length: megabytes }, (_, index) => {
      piece.writeUInt32LE(index, 0);
      return Buffer.from(piece);
    }),
  );
}

/** SHA-256 of a file, in hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) {
    hash.update(piece as Buffer);
  }
  return hash.digest('hex');
}
