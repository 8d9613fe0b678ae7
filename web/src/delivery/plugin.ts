import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import { PICTURES } from '../documents/plugin.ts';
import type { ShellFiles } from '../offline/shell-cache.ts';
import { companions, isCompanion } from './companions.ts';

export const SERVICE_WORKER = 'service-worker.js';
/** What stands in the service worker's source for the list of files. */
const PLACEHOLDER = '__SHELL_FILES__';
/** Browsers differ in whether a service worker may be a module: ours is a plain script. */
const MODULE_SYNTAX = /(?:^|;)\s*(?:import|export)\b/;

/** Every file below a folder, by its path from there with slashes. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/**
 * What the service worker keeps: all of the page but itself, and the pictures of the documents, which say the same in
 * words. The version is another when any byte is.
 */
export function shellFiles(folder: string): ShellFiles {
  const isKept = (name: string): boolean =>
    name !== SERVICE_WORKER && !isCompanion(name) && !name.startsWith(PICTURES);
  const files = filesBelow(folder).filter(isKept);
  const digest = createHash('sha256');
  for (const name of files) {
    digest.update(`${name}\0`).update(
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest(),
    );
  }
  return { version: digest.digest('hex').slice(0, 16), files };
}

/**
 * Makes what was built ready to be delivered: tells the service worker which files there are, and puts compressed
 * companions beside them.
 */
export function delivery(): Plugin {
  return {
    name: 'delivery',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir }) {
        if (dir === undefined) {
          throw new Error('the page is built into a folder');
        }
        const worker = join(dir, SERVICE_WORKER);
        const source = readFileSync(worker, 'utf8');
        if (!source.includes(PLACEHOLDER) || MODULE_SYNTAX.test(source)) {
          throw new Error(
            `${SERVICE_WORKER} has no place for the list of files, or shares code with the page`,
          );
        }
        writeFileSync(
          worker,
          source.replace(PLACEHOLDER, () => JSON.stringify(shellFiles(dir))),
        );
        for (const name of filesBelow(dir)) {
          for (const { suffix, bytes } of companions(name, readFileSync(join(dir, name)))) {
            writeFileSync(join(dir, name + suffix), bytes);
          }
        }
      },
    },
  };
}
