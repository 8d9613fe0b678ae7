import { expect, test } from 'vitest';
import { AgentError } from './api.ts';
import { upload, type TusRequest, type TusResponse, type TusTransport, type UploadOptions } from './tus.ts';

function reply(status: number, headers: Record<string, string> = {}, text = ''): TusResponse {
  return { status, header: (name) => headers[name] ?? null, text };
}

/** A tus server in memory. `cuts` holds after how many bytes of each PATCH the connection breaks. */
class FakeServer {
  stored: Uint8Array = new Uint8Array();
  log: string[] = [];
  metadata = '';
  deleted = false;

  constructor(private cuts: (number | null)[] = []) {}

  transport: TusTransport = async (request) => {
    this.log.push(`${request.method} ${request.headers['Upload-Offset'] ?? ''}`.trim());
    switch (request.method) {
      case 'POST':
        this.metadata = request.headers['Upload-Metadata'] ?? '';
        return reply(201, { Location: '/v1/images/7' });
      case 'HEAD':
        return reply(200, { 'Upload-Offset': String(this.stored.length) });
      case 'DELETE':
        this.deleted = true;
        return reply(204);
      case 'PATCH':
        return this.#patch(request);
    }
  };

  async #patch(request: TusRequest): Promise<TusResponse> {
    if (Number(request.headers['Upload-Offset']) !== this.stored.length) {
      return reply(409, {}, '{"code":"offsetMismatch"}');
    }
    const cut = this.cuts.shift() ?? null;
    const body = new Uint8Array(await (request.body ?? new Blob()).arrayBuffer());
    const taken = cut === null ? body : body.slice(0, cut);
    this.stored = Uint8Array.from([...this.stored, ...taken]);
    request.onProgress?.(taken.length);
    if (cut !== null) {
      throw new TypeError('cut');
    }
    return reply(204, { 'Upload-Offset': String(this.stored.length) });
  }
}

const data = Uint8Array.from({ length: 1000 }, (_, n) => n % 251);

function options(server: FakeServer, more: Partial<UploadOptions> = {}): UploadOptions {
  return {
    endpoint: '/v1/images',
    name: 'Photos 😀.iso',
    headers: () => ({}),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    transport: server.transport,
    chunkBytes: 400,
    retryMs: [1, 1],
    ...more,
  };
}

test('an upload arrives whole, in chunks', async () => {
  const server = new FakeServer();
  const sent: number[] = [];
  const location = await upload(new Blob([data]), options(server, { onProgress: (n) => sent.push(n) }));
  expect(location).toBe('/v1/images/7');
  expect(server.log).toEqual(['POST', 'PATCH 0', 'PATCH 400', 'PATCH 800']);
  expect(server.stored).toEqual(data);
  expect(sent).toEqual([400, 800, 1000]);
  const name = server.metadata.split(',')[1]?.split(' ')[1] ?? '';
  expect(Buffer.from(name, 'base64').toString()).toBe('Photos 😀.iso');
});

test('after a cut it asks how much arrived and goes on from there', async () => {
  const server = new FakeServer([null, 123]);
  const interrupted: boolean[] = [];
  await upload(new Blob([data]), options(server, { onProgress: (_, waiting) => interrupted.push(waiting) }));
  expect(server.log).toEqual(['POST', 'PATCH 0', 'PATCH 400', 'HEAD', 'PATCH 523', 'PATCH 923']);
  expect(server.stored).toEqual(data);
  expect(interrupted).toContain(true);
});

test('progress renews the patience, no progress ends it', async () => {
  await upload(new Blob([data]), options(new FakeServer([100, 100, 100, 100, 100])));
  const dead = upload(new Blob([data]), options(new FakeServer([0, 0, 0])));
  await expect(dead).rejects.toMatchObject({ code: 'agentUnreachable' });
});

test('a cut that the agent was able to tell of is a cut all the same', async () => {
  const server = new FakeServer();
  let told = false;
  const transport: TusTransport = (request, signal) => {
    if (request.method === 'PATCH' && !told) {
      told = true;
      return Promise.resolve(reply(400, {}, '{"code":"cut","title":"the upload was cut off"}'));
    }
    return server.transport(request, signal);
  };
  await upload(new Blob([data]), options(server, { transport }));
  expect(server.stored).toEqual(data);
});

test('a refusal is final and keeps its code', async () => {
  const transport: TusTransport = () => Promise.resolve(reply(507, {}, '{"code":"noSpace","title":"full"}'));
  const failed = upload(new Blob([data]), options(new FakeServer(), { transport }));
  await expect(failed).rejects.toBeInstanceOf(AgentError);
  await expect(failed).rejects.toMatchObject({ code: 'noSpace' });
});

test('the cut handler can end the upload with a better reason', async () => {
  const onCut = () => Promise.reject(new Error('photo.jpg has changed'));
  await expect(upload(new Blob([data]), options(new FakeServer([10]), { onCut }))).rejects.toThrow(
    'photo.jpg',
  );
});

test('cancelling ends the upload and discards what arrived', async () => {
  const abort = new AbortController();
  const server = new FakeServer();
  const running = upload(
    new Blob([data]),
    options(server, {
      signal: abort.signal,
      onProgress: () => {
        abort.abort();
      },
    }),
  );
  await expect(running).rejects.toThrow();
  expect(server.stored.length).toBe(400);
  expect(server.deleted).toBe(true);
});
