import {
  planImage,
  type BootEntry,
  type ImageBoot,
  type ImageOptions,
  type ImagePlan,
} from '../pkg/image_wasm.js';
import { collect, columnsOf, relative, type Files, type Local, type Planned } from './entries.ts';
import { checked } from './error.ts';
import { bytesOf, sourceOf, type Content } from './source.ts';

/** How an image is made: the options of the planner, with what a page has in place of bytes. */
export interface BuildOptions extends Omit<ImageOptions, 'boot'> {
  /** When the volume is made. Default: now. Give one for images that are the same every time. */
  created?: Date | number;
  /** How the image starts a machine. */
  boot?: ImageBoot<Exclude<Content, string>>;
  /** Ends the work on the list of files. */
  signal?: AbortSignal;
}

/** Files of no more bytes than this may stand in their UDF file entries. */
const EMBEDDED = 2048;

/** Plans an image of these files. */
export async function planFiles(
  files: Files<unknown>,
  { signal, boot, ...options }: BuildOptions,
  local: Local,
): Promise<{ plan: ImagePlan; entries: Planned[] }> {
  const entries = await collect(files, local, signal);
  const planned: ImageOptions = { created: Date.now(), ...options };
  if (boot !== undefined) {
    planned.boot = await bootOf(boot, entries);
  }
  if (options.udf?.embed === true) {
    await readContents(entries, ({ source }) => source !== undefined && source.size <= EMBEDDED);
  }
  signal?.throwIfAborted();
  return { plan: checked(() => planImage(columnsOf(entries), planned)), entries };
}

/** Gives the planner the bytes of these files. */
async function readContents(entries: readonly Planned[], wanted: (entry: Planned) => boolean): Promise<void> {
  for (const entry of entries) {
    if (entry.source !== undefined && entry.content === undefined && wanted(entry)) {
      entry.content = await bytesOf(entry.source, entry.path);
      // What has been read is not read again: a stream can be read once.
      entry.source = sourceOf(entry.content) ?? entry.source;
    }
  }
}

async function bootOf(
  boot: ImageBoot<Exclude<Content, string>>,
  entries: readonly Planned[],
): Promise<ImageBoot> {
  const { entries: started, systemArea, hybrid, ...rest } = boot;
  // Code and tables that speak of the image are for a BIOS: the planner looks into what a BIOS starts.
  const looked = new Set(
    (started ?? [])
      .filter(
        (entry) => entry.platform === 'bios' || entry.platform === 0 || entry.infoTable || entry.grub2Pointer,
      )
      .map(({ image }) => (typeof image === 'string' ? relative(image) : image)),
  );
  await readContents(entries, ({ path }) => looked.has(relative(path)));
  const { code, ...tables } = hybrid ?? {};
  return {
    ...rest,
    entries: await Promise.all((started ?? []).map(bootEntryOf)),
    ...(systemArea === undefined ? {} : { systemArea: await read(systemArea, 'the system area') }),
    ...(hybrid === undefined
      ? {}
      : {
          hybrid: {
            ...(tables as Omit<typeof hybrid, 'code'>),
            ...(code === undefined
              ? {}
              : { code: { ...code, bytes: await read(code.bytes, 'the code of the boot record') } }),
          },
        }),
  };
}

async function bootEntryOf({
  image,
  criteria,
  ...entry
}: BootEntry<Exclude<Content, string>>): Promise<BootEntry> {
  return {
    ...entry,
    image: typeof image === 'string' ? image : await read(image, 'the boot image'),
    ...(criteria === undefined
      ? {}
      : { criteria: { ...criteria, bytes: await read(criteria.bytes, 'the selection criteria') } }),
  };
}

/** The bytes of what was given; what is no content goes on as it is, for the planner to refuse by the name of its field. */
async function read(content: Exclude<Content, string>, name: string): Promise<Uint8Array> {
  const source = sourceOf(content);
  return source === null ? (content as Uint8Array) : bytesOf(source, name);
}
