/** Folders for one test, and programs of others as judges. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes with its test. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'discwright-npm-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What a program prints; a failure of it fails the test. */
export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error !== undefined || status !== 0) {
    throw new Error(
      `${program} ${args.join(' ')} failed (${error?.message ?? status}):\n${stderr}\n${stdout}`,
    );
  }
  return stdout;
}

/** The files of an image with their contents, as xorriso reads them. */
export function xorrisoExtract(image, into) {
  run('xorriso', ['-abort_on', 'FATAL', '-osirrox', 'on', '-indev', image, '-extract', '/', into]);
}

/** The bytes of a stream. */
export async function collected(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a promise rejects with. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
