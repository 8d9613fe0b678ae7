/** Disc images in Node. The planner is read from disk at import, so that every export works at once. */
import { readFileSync } from 'node:fs';

import { initSync } from '../pkg/image_wasm.js';
import { planFiles, type BuildOptions } from './build.ts';
import type { Entry, Files } from './entries.ts';
import { DiscImage } from './image.ts';
import { local, writeFile, type LocalEntry } from './node-files.ts';
import type { OutputOptions } from './output.ts';

initSync({ module: readFileSync(new URL('../pkg/image_wasm_bg.wasm', import.meta.url)) });

/** The planner is there already: for programs that run in browsers too. */
export async function load(): Promise<void> {}

/** An image that can become a file. */
export class NodeImage extends DiscImage {
  /** Writes the image under a temporary name, and gives it its own when all is there. A file of that name is replaced. */
  writeTo(path: string | URL, options: OutputOptions = {}): Promise<void> {
    return writeFile(path, this.chunks(options));
  }
}

/** Plans an image of these files, among them files and folders of this machine: `{ path: 'photos' }` or a `file:` URL. */
export async function buildImage(
  files: Files<Entry | LocalEntry | URL>,
  options: BuildOptions = {},
): Promise<NodeImage> {
  const { plan, entries } = await planFiles(files, options, local);
  return new NodeImage(plan, entries);
}

export { DiscImage } from './image.ts';
export { Output, type OutputOptions } from './output.ts';
export { ImageError } from './error.ts';
export type { LocalEntry } from './node-files.ts';
export type { AttributedEntry, Attributes, Entry, Files } from './entries.ts';
export type { BuildOptions } from './build.ts';
export type { ByteStream, Content, StreamContent } from './source.ts';
export * from '../pkg/image_wasm.js';
