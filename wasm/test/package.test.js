/** The package as it is published: what is in it, and that it works where it is installed, in Node, bundled and in a browser. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { folder, run } from './fixtures.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

let place;
let packed;

/** A folder of a user, with the package installed from its tarball and nothing else. */
function install(name, files = {}) {
  const user = join(place, name);
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(user, file, '..'), { recursive: true });
    writeFileSync(join(user, file), text);
  }
  run(npm, ['install', '--offline', '--no-audit', '--no-fund', join(place, packed.filename)], { cwd: user });
  return user;
}

before(() => {
  place = folder({ after: (work) => process.on('exit', work) });
  [packed] = JSON.parse(run(npm, ['pack', '--json', '--pack-destination', place], { cwd: ROOT }));
});

test('the tarball has what is needed and nothing else', () => {
  const files = packed.files.map(({ path }) => path).sort();
  const sources = readdirSync(join(ROOT, 'js')).map((name) => name.replace('.ts', ''));
  assert.deepEqual(
    files,
    [
      'README.md',
      'package.json',
      ...['bootable.js', 'browser/index.html', 'browser/main.js', 'cloud-init.js', 'unattended-setup.js'].map(
        (name) => `examples/${name}`,
      ),
      ...sources.flatMap((name) => [`lib/${name}.d.ts`, `lib/${name}.js`]),
      ...['image_reader', 'image_wasm'].flatMap((name) =>
        [`${name}.d.ts`, `${name}.js`, `${name}_bg.wasm`, `${name}_bg.wasm.d.ts`].map(
          (file) => `pkg/${file}`,
        ),
      ),
    ].sort(),
  );
});

test('bundlers keep what a module does when it is imported', () => {
  const names = readdirSync(join(ROOT, 'lib')).filter((name) => name.endsWith('.js'));
  const starting = names.filter((name) => /^initSync\(/m.test(readFileSync(join(ROOT, 'lib', name), 'utf8')));
  const { sideEffects } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.ok(starting.length > 0);
  assert.deepEqual(
    sideEffects,
    starting.map((name) => `./lib/${name}`),
  );
});

test('the planner is no larger than it was', () => {
  const module = readFileSync(join(ROOT, 'pkg/image_wasm_bg.wasm'));
  const gzip = gzipSync(module, { level: 9 }).length;
  console.log(
    `planner: ${module.length} bytes, ${gzip} by gzip, ${brotliCompressSync(module).length} by brotli`,
  );
  assert.ok(gzip < PLANNER_LIMIT, `${gzip} bytes by gzip`);
});

/** Bytes by gzip. Who makes the planner larger looks here first. */
const PLANNER_LIMIT = 195_000;

/** The blocks of the README in JavaScript, with what stands behind the language. */
const snippets = [...README.matchAll(/^```js *(.*)\n([\s\S]*?)^```$/gm)].map(([, flag, text]) => ({
  flag,
  text,
}));

test('every snippet of the README runs where the package is installed', () => {
  const inNode = snippets.filter(({ flag }) => flag === '');
  assert.ok(inNode.length >= 4);
  const files = { 'photos/2026/beach.jpg': 'a beach', 'photos/readme.txt': 'read me' };
  inNode.forEach(({ text }, index) => {
    files[`${index}.js`] = text;
  });
  const user = install('readme', files);
  const outputs = inNode.map((_, index) => run(process.execPath, [`${index}.js`], { cwd: user }));
  assert.match(outputs[0], /^\d+ bytes$/m);
  assert.match(outputs[1], /^file 7 2026\/beach\.jpg$/m);
  assert.equal(readFileSync(join(user, 'beach.jpg'), 'utf8'), 'a beach');
  assert.ok(existsSync(join(user, 'photos.iso')));
});

test('TypeScript knows the package, in Node and in a page', () => {
  const user = install('typed', {
    'node.ts': `import { buildImage, ImageError, type BuildOptions } from 'discwright';
import { openImage } from 'discwright/read';
const options: BuildOptions = { volumeId: 'X', udf: { revision: '2.50' } };
const image = await buildImage({ a: { path: 'b' }, c: { content: 'x', mode: 0o644 } }, options);
await image.writeTo('x.iso', { onProgress: ({ bytes, size }) => console.log(bytes / size) });
const opened = await openImage('x.iso');
for await (const { path, kind } of opened.list({ fileSystem: 'udf' })) { if (kind === 'file') { await (await opened.extract(path)).writeTo('y'); } }
export const failed = (error: unknown) => error instanceof ImageError ? error.kind : '';
// @ts-expect-error: there is no such revision
await buildImage({}, { udf: { revision: '3.00' } });
`,
    'page.ts': `import { buildImage } from 'discwright';
export const save = async (files: FileList): Promise<Blob> => (await buildImage(files, { medium: 'dvd' })).blob();
// @ts-expect-error: a page has no paths
await buildImage({ a: { path: 'b' } });
`,
  });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const common = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--lib',
    'es2023,dom,dom.iterable,dom.asynciterable,esnext.disposable',
  ];
  run(
    process.execPath,
    [
      tsc,
      ...common,
      '--module',
      'nodenext',
      '--types',
      'node',
      '--typeRoots',
      join(ROOT, 'node_modules/@types'),
      'node.ts',
    ],
    { cwd: user },
  );
  run(process.execPath, [tsc, ...common, '--module', 'esnext', '--moduleResolution', 'bundler', 'page.ts'], {
    cwd: user,
  });
});

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** What a browser finds out about a page, which reports by a request. */
async function reported(dist) {
  const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const profile = join(place, 'profile');
  let browser;
  let errors = '';
  const server = createServer();
  try {
    return await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the page did not report: ${errors}`)), 120_000);
      server.on('request', (request, reply) => {
        const path = new URL(request.url, 'http://page').pathname;
        if (request.method === 'POST') {
          let body = '';
          request.on('data', (data) => {
            body += data;
          });
          request.on('end', () => {
            reply.end();
            clearTimeout(late);
            resolve(JSON.parse(body));
          });
          return;
        }
        const file = createReadStream(join(dist, path === '/' ? 'index.html' : path));
        file.on('error', () => reply.writeHead(404).end());
        file.on('open', () => {
          reply.writeHead(200, { 'Content-Type': TYPES[extname(file.path)] ?? 'application/octet-stream' });
          file.pipe(reply);
        });
      });
      server.listen(0, '127.0.0.1', () => {
        const flags = [
          '--headless=new',
          '--no-sandbox',
          '--disable-gpu',
          '--no-first-run',
          `--user-data-dir=${profile}`,
        ];
        browser = spawn(chromium, [...flags, `http://127.0.0.1:${server.address().port}/`], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        browser.stderr.on('data', (data) => {
          errors += data;
        });
        browser.on('error', reject);
      });
    });
  } finally {
    if (browser?.exitCode === null) {
      const gone = new Promise((resolve) => browser.once('exit', resolve));
      browser.kill();
      await gone;
    }
    server.closeAllConnections();
    server.close();
  }
}

/** Goes through the page as a user does, and through the snippet of the README. */
const DRIVER = `import { download } from './snippet.js';
const until = async (found) => { for (;;) { const value = found(); if (value) { return value; } await new Promise((next) => setTimeout(next, 20)); } };
const choose = (id, ...files) => {
  const transfer = new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
  const input = document.getElementById(id);
  input.files = transfer.files;
  input.dispatchEvent(new Event('change'));
};
const loaded = () => performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.wasm')).map((name) => name.split('/').at(-1));
async function report() {
  const big = new Uint8Array(3_000_000).fill(7);
  choose('files', new File(['hello'], 'hello.txt'), new File([big], 'big.bin'));
  const link = await until(() => document.querySelector('#list a'));
  const early = loaded();
  const image = new File([await (await fetch(link.href)).blob()], 'image.iso');
  choose('image', image);
  await until(() => document.querySelectorAll('#list a').length === 3);
  const [, ...files] = [...document.querySelectorAll('#list a')];
  const contents = await Promise.all(files.map(async ({ href }) => new Uint8Array(await (await fetch(href)).arrayBuffer())));
  const input = document.createElement('input');
  input.type = 'file';
  const transfer = new DataTransfer();
  transfer.items.add(new File(['x'], 'x'));
  input.files = transfer.files;
  const anchor = document.createElement('a');
  await download(input, anchor);
  return {
    status: document.querySelector('#status').textContent,
    names: files.map(({ download }) => download),
    lengths: contents.map(({ length }) => length),
    same: contents.some((content) => content.length === big.length && content.every((byte) => byte === 7)),
    size: image.size,
    early,
    late: loaded(),
    snippet: (await (await fetch(anchor.href)).blob()).size,
  };
}
const result = await report().catch((error) => ({ error: String(error?.stack ?? error) }));
await fetch('/', { method: 'POST', body: JSON.stringify(result) });
`;

test(
  'a page that is bundled makes images and reads them, and loads the reader late',
  { timeout: 300_000 },
  async () => {
    const browserSnippet = snippets.find(({ flag }) => flag === 'browser');
    const user = install('bundled', { 'driver.js': DRIVER, 'snippet.js': browserSnippet.text });
    const example = join(user, 'node_modules/discwright/examples/browser');
    for (const name of ['index.html', 'main.js']) {
      writeFileSync(join(user, name), readFileSync(join(example, name)));
    }
    const page = readFileSync(join(user, 'index.html'), 'utf8');
    writeFileSync(
      join(user, 'index.html'),
      page.replace('</body>', '<script type="module" src="./driver.js"></script></body>'),
    );
    const resolve = createRequire(new URL('../../web/package.json', import.meta.url)).resolve;
    const { build } = await import(pathToFileURL(resolve('vite')).href);
    await build({ root: user, configFile: false, logLevel: 'warn', build: { target: 'es2022' } });
    const found = await reported(join(user, 'dist'));
    assert.equal(found.error, undefined);
    assert.match(found.status, /^FROM THE PAGE: udf, rockRidge, joliet, iso9660$/);
    assert.deepEqual(found.names.sort(), ['big.bin', 'hello.txt']);
    assert.deepEqual(
      found.lengths.sort((a, b) => a - b),
      [5, 3_000_000],
    );
    assert.ok(found.same && found.size % 2048 === 0 && found.snippet > 2048);
    assert.deepEqual([found.early.length, found.late.length], [1, 2]);
    assert.match(found.early[0], /^image_wasm_bg/);
    rmSync(join(user, 'dist'), { recursive: true });
  },
);
