/** Images read back, in the browser. The reader is a module of its own: a page that imports this late loads it late. */
import init, { type InitInput } from '../pkg/image_reader.js';
import { ImageError } from './error.ts';
import { OpenedImage, ReadFile, type OpenOptions } from './opened.ts';
import { sourceOf } from './source.ts';

let loading: Promise<unknown> | null = null;

/** Loads the reader, once. `openImage` does so by itself. `module` says where the WebAssembly is, if not beside the script. */
export async function load(module?: InitInput | Promise<InitInput>): Promise<void> {
  loading ??= init(module === undefined ? undefined : { module_or_path: module });
  try {
    await loading;
  } catch (error) {
    loading = null;
    throw error;
  }
}

/** Opens an image: a Blob or File is read where it lies. */
export async function openImage(
  image: Blob | ArrayBuffer | ArrayBufferView,
  options: OpenOptions = {},
): Promise<OpenedImage> {
  const source = typeof image === 'string' ? null : sourceOf(image);
  if (source === null) {
    throw new ImageError({ kind: 'invalidContent', message: 'it is no image', hint: 'give a Blob or bytes' });
  }
  await load();
  return OpenedImage.open(source, options, ReadFile);
}

export { OpenedImage, ReadFile } from './opened.ts';
export type { FileSystem, ListOptions, OpenOptions, ViewOptions } from './opened.ts';
export { Output, type OutputOptions } from './output.ts';
export { ImageError } from './error.ts';
export type { ReadDevice, ReadEntry, ReadVolume } from '../pkg/image_reader.js';
