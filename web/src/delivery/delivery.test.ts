import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { companions } from './companions.ts';
import { filesBelow, SERVICE_WORKER, shellFiles } from './plugin.ts';

const read = (path: string): Buffer => readFileSync(new URL(`../../${path}`, import.meta.url));

describe('companions', () => {
  const text = Buffer.from('the same words again and again. '.repeat(100));

  test('decompress to the file, and are smaller', () => {
    const [brotli, gzip] = companions('assets/a.js', text);
    expect(brotli?.suffix).toBe('.br');
    expect(gzip?.suffix).toBe('.gz');
    expect(brotliDecompressSync(brotli!.bytes).equals(text)).toBe(true);
    expect(gunzipSync(gzip!.bytes).equals(text)).toBe(true);
    expect(brotli!.bytes.length).toBeLessThan(text.length / 10);
  });

  test('are not made of what is small, compressed already, or would grow', () => {
    expect(companions('a.js', text.subarray(0, 100))).toEqual([]);
    expect(companions('icon.png', text)).toEqual([]);
    const noise = Uint8Array.from({ length: 4096 }, (_, at) => Math.imul(at + 1, 2654435761) >>> 13);
    for (const { bytes } of companions('a.wasm', noise)) {
      expect(bytes.length).toBeLessThan(noise.length);
    }
  });
});

describe('the list of files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'discwright-delivery-'));
    mkdirSync(join(folder, 'assets'));
    mkdirSync(join(folder, 'docs/pictures'), { recursive: true });
    const kept = ['index.html', 'assets/a.js'];
    const others = ['index.html.br', 'assets/a.js.gz', 'docs/pictures/a.webp', SERVICE_WORKER];
    for (const name of [...kept, ...others]) {
      writeFileSync(join(folder, name), name);
    }
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('has every file but companions, pictures and the worker', () => {
    expect(filesBelow(folder)).toHaveLength(6);
    expect(shellFiles(folder).files).toEqual(['assets/a.js', 'index.html']);
  });

  test('is of another version when a file changes, and of the same when only the worker does', () => {
    const { version } = shellFiles(folder);
    writeFileSync(join(folder, SERVICE_WORKER), 'other');
    expect(shellFiles(folder).version).toBe(version);
    writeFileSync(join(folder, 'index.html'), 'other');
    expect(shellFiles(folder).version).not.toBe(version);
  });
});

describe('the manifest', () => {
  interface Icon {
    src: string;
    sizes: string;
    type: string;
    purpose?: string;
  }
  const manifest = JSON.parse(read('public/manifest.webmanifest').toString()) as {
    icons: Icon[];
    file_handlers: { icons: Icon[]; accept: Record<string, string[]> }[];
  };
  const icons = [...manifest.icons, ...manifest.file_handlers.flatMap((handler) => handler.icons)];

  test.each(icons)('$src has the size it is said to have', ({ src, sizes, type }) => {
    const file = read(`public/${src}`);
    if (type === 'image/svg+xml') {
      expect(file.toString()).toContain('<svg');
      return;
    }
    // PNG 1.2, 11.2.2: the header chunk begins with width and height.
    expect(file.subarray(1, 4).toString()).toBe('PNG');
    expect(`${file.readUInt32BE(16)}x${file.readUInt32BE(20)}`).toBe(sizes);
  });

  test('has what systems want of an app that is installed', () => {
    for (const purpose of ['any', 'maskable']) {
      const sizes = manifest.icons.filter((icon) => icon.purpose === purpose).map((icon) => icon.sizes);
      expect(sizes).toEqual(expect.arrayContaining(['192x192', '512x512']));
    }
    expect(manifest.file_handlers.flatMap(({ accept }) => Object.values(accept).flat())).toEqual([
      '.discwright',
    ]);
  });
});

test('the page is of the version of the agent it is built with', () => {
  const { version } = JSON.parse(read('package.json').toString()) as { version: string };
  const workspace = /^\[workspace\.package\]\nversion = "(.*)"$/m.exec(read('../Cargo.toml').toString());
  expect(version).toBe(workspace?.[1]);
});
