/** The guide for burning from somebody else's page, run as it is written: another origin, the real agent, a virtual drive. */
import { createReadStream } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { discwright } from '../agent.ts';
import { expect, test } from '../fixtures.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};
const PAGE = `<!doctype html><title>Somebody's page</title>
<input id="files" type="file" multiple><input id="code"><button id="burn">Burn</button><output id="status"></output>
<script type="module" src="./page.js"></script>`;

/** The files of the guide, by the names that its blocks give them. */
async function filesOfTheGuide(): Promise<Record<string, string>> {
  const guide = await readFile(join(ROOT, 'docs/embedding.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```js (\S+)\n([\s\S]*?)^```$/gm)];
  return Object.fromEntries(blocks.map(([, name, text]) => [name ?? '', text ?? '']));
}

/** The page as a user of the packages bundles it. */
async function bundle(folder: string, agent: string): Promise<string> {
  for (const [name, text] of Object.entries(await filesOfTheGuide())) {
    await writeFile(join(folder, name), text.replace('http://127.0.0.1:8653', agent));
  }
  await writeFile(join(folder, 'index.html'), PAGE);
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(ROOT, 'wasm'), join(folder, 'node_modules/discwright'));
  await symlink(
    join(ROOT, 'tests/e2e/node_modules/tus-js-client'),
    join(folder, 'node_modules/tus-js-client'),
  );
  const resolve = createRequire(join(ROOT, 'web/package.json')).resolve;
  const vite = (await import(pathToFileURL(resolve('vite')).href)) as {
    build: (options: object) => Promise<unknown>;
  };
  await vite.build({ root: folder, configFile: false, logLevel: 'warn', build: { target: 'es2022' } });
  return join(folder, 'dist');
}

function serve(folder: string): Promise<Server> {
  const server = createServer((request, reply) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    const file = join(folder, path === '/' ? 'index.html' : path);
    const stream = createReadStream(file);
    stream.on('error', () => {
      reply.writeHead(404).end();
    });
    stream.on('open', () => {
      reply.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
      stream.pipe(reply);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

test("somebody else's page pairs, uploads, burns and follows as the guide says", async ({
  page,
  agent,
  scratch,
}) => {
  const folder = join(scratch, 'page');
  await mkdir(folder);
  const server = await serve(await bundle(folder, agent.origin));
  const content = Buffer.alloc(3_000_000, 'somebody');
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const status = page.locator('#status');
    await page
      .locator('#files')
      .setInputFiles({ name: 'data.bin', mimeType: 'application/octet-stream', buffer: content });

    await page.click('#burn');
    await expect(status).toContainText('discwright pair');
    await page.fill('#code', 'WRONG-CODE');
    await page.click('#burn');
    await expect(status).not.toContainText('sending');

    await page.fill('#code', await agent.pairingCode());
    await page.click('#burn');
    await expect(status).toHaveText('succeeded', { timeout: 60_000 });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  await agent.stop();
  const back = join(scratch, 'back.iso');
  await discwright('read', `virtual:${agent.disc(0)}`, '-o', back);
  const bytes = await readFile(back);
  expect(bytes.includes(content), 'the disc holds the file').toBe(true);
});
