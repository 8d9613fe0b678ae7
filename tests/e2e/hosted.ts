/** The page as another site serves it: over https, under a name and an address that are not this computer's own. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DIST = fileURLToPath(new URL('../../web/dist', import.meta.url));
/** Of this computer too, but the browser is told that it is of the internet. */
const ADDRESS = '127.0.0.2';
const PORT = 8443;
const NAME = 'discwright.example';

export const SITE = `https://${NAME}:${PORT}`;
/** The same where no names can be given to addresses. */
export const SITE_BY_ADDRESS = `https://${ADDRESS}:${PORT}`;
export const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  `--host-resolver-rules=MAP ${NAME} ${ADDRESS}`,
  `--ip-address-space-overrides=${ADDRESS}:${PORT}=public`,
];
/** Of Firefox: its protection of the local network on, as it is for more and more people. */
export const FIREFOX_PREFERENCES = {
  'network.lna.enabled': true,
  'network.lna.blocking': true,
  'network.lna.address_space.public.override': `${ADDRESS}:${PORT}`,
};

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** A certificate nobody vouches for; the browser of the test takes it. */
async function certificate(folder: string): Promise<{ key: Buffer; cert: Buffer }> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME},IP:${ADDRESS}`];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await run('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert]);
  return { key: await readFile(key), cert: await readFile(cert) };
}

/** Serves the built page. It has no agent: what is not a file is not there. */
export async function serveSite(folder: string): Promise<Server> {
  const server = createServer(await certificate(folder), (request, reply) => {
    const { pathname } = new URL(request.url ?? '/', SITE);
    const file = join(DIST, pathname === '/' ? 'index.html' : pathname);
    const stream = createReadStream(file);
    stream.on('error', () => {
      reply.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Not found</h1>');
    });
    stream.on('open', () => {
      reply.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
      stream.pipe(reply);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(PORT, ADDRESS, resolve);
  });
  return server;
}
