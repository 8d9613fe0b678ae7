/** Images read back, in Node. */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { initSync } from '../pkg/image_reader.js';
import { ImageError } from './error.ts';
import { FileSource, writeFile } from './node-files.ts';
import { OpenedImage, ReadFile, type OpenOptions } from './opened.ts';
import type { OutputOptions } from './output.ts';
import { sourceOf, type Source } from './source.ts';

initSync({ module: readFileSync(new URL('../pkg/image_reader_bg.wasm', import.meta.url)) });

/** The reader is there already: for programs that run in browsers too. */
export async function load(): Promise<void> {}

/** A file of an image, which can become one of this machine. */
export class NodeReadFile extends ReadFile {
  /** Writes the file under a temporary name, and gives it its own when all is there. A file of that name is replaced. */
  writeTo(path: string | URL, options: OutputOptions = {}): Promise<void> {
    return writeFile(path, this.chunks(options));
  }
}

/** Opens an image: a file of this machine by its path or URL, a Blob, or bytes. */
export async function openImage(
  image: string | URL | Blob | ArrayBuffer | ArrayBufferView,
  options: OpenOptions = {},
): Promise<OpenedImage<NodeReadFile>> {
  const isPath = typeof image === 'string' || image instanceof URL;
  const source = isPath ? await fileSource(image) : sourceOf(image);
  if (source === null) {
    throw new ImageError({
      kind: 'invalidContent',
      message: 'it is no image',
      hint: 'give a path, a Blob or bytes',
    });
  }
  return OpenedImage.open(source, options, NodeReadFile);
}

async function fileSource(image: string | URL): Promise<Source> {
  const path = image instanceof URL ? fileURLToPath(image) : image;
  try {
    return new FileSource(path, await stat(path));
  } catch (cause) {
    const message = `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ImageError(
      { kind: 'unreadable', path, message, hint: 'see whether it is there and may be read' },
      { cause },
    );
  }
}

export { OpenedImage, ReadFile } from './opened.ts';
export type { FileSystem, ListOptions, OpenOptions, ViewOptions } from './opened.ts';
export { Output, type OutputOptions } from './output.ts';
export { ImageError } from './error.ts';
export type { ReadDevice, ReadEntry, ReadVolume } from '../pkg/image_reader.js';
