/** Disc images in the browser. */
import init, { type InitInput } from '../pkg/image_wasm.js';
import { planFiles, type BuildOptions } from './build.ts';
import type { Files } from './entries.ts';
import { DiscImage } from './image.ts';

let loading: Promise<unknown> | null = null;

/**
 * Loads the planner, once. `buildImage` does so by itself; `planImage` and `mediumDefaults` need it before. `module` says
 * where the WebAssembly is, if it is not beside the script.
 */
export async function load(module?: InitInput | Promise<InitInput>): Promise<void> {
  loading ??= init(module === undefined ? undefined : { module_or_path: module });
  try {
    await loading;
  } catch (error) {
    loading = null;
    throw error;
  }
}

/** Plans an image of these files. Nothing of them is read before the image is. */
export async function buildImage(files: Files, options: BuildOptions = {}): Promise<DiscImage> {
  await load();
  const { plan, entries } = await planFiles(files, options, () => null);
  return new DiscImage(plan, entries);
}

export { DiscImage } from './image.ts';
export { Output, type OutputOptions } from './output.ts';
export { ImageError } from './error.ts';
export type { AttributedEntry, Attributes, Entry, Files } from './entries.ts';
export type { BuildOptions } from './build.ts';
export type { ByteStream, Content, StreamContent } from './source.ts';
export * from '../pkg/image_wasm.js';
