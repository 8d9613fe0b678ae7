/** What is between page and agent: passes everything on, counts it, changes it, and breaks when told to. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer as it went over the wire. */
export interface Answer {
  readonly path: string;
  readonly status: number;
  /** `Content-Encoding`, or nothing. */
  readonly coding: string;
  /** Bytes of the head and of the body. */
  readonly head: number;
  body: number;
}

export class Relay {
  readonly answers: Answer[] = [];
  /** Makes another text of what the agent sends for these paths, as an agent of another version would. */
  readonly changes = new Map<string, (text: string) => string>();
  readonly #agent: URL;
  readonly #server: Server;
  /** Bytes of uploads that still pass before the next break. */
  #passes = Number.POSITIVE_INFINITY;

  private constructor(agent: string) {
    this.#agent = new URL(agent);
    this.#server = createServer((from, reply) => {
      this.#pass(from, reply);
    });
  }

  static async open(agent: string): Promise<Relay> {
    const relay = new Relay(agent);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks all connections, once, when uploads have brought this many bytes more. */
  breakAfter(bytes: number): void {
    this.#passes = bytes;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(from: IncomingMessage, reply: ServerResponse): void {
    const { host, origin } = this.#agent;
    const { pathname } = new URL(from.url ?? '/', origin);
    const change = this.changes.get(pathname);
    // The agent talks to nobody who came to another address than its own.
    const headers = { ...from.headers, host, ...(from.headers.origin === undefined ? {} : { origin }) };
    if (change !== undefined) {
      delete headers['accept-encoding'];
      delete headers['if-none-match'];
    }
    const to = request({
      host: this.#agent.hostname,
      port: this.#agent.port,
      path: from.url,
      method: from.method,
      headers,
    });
    to.on('response', (answer) => {
      const status = answer.statusCode ?? 502;
      if (change !== undefined) {
        void changed(answer, change).then((text) => {
          const { etag: _, 'content-length': __, ...rest } = answer.headers;
          reply.writeHead(status, rest).end(text);
        });
        return;
      }
      this.#count(pathname, answer);
      reply.writeHead(status, answer.headers);
      answer.pipe(reply);
    });
    to.on('error', () => reply.destroy());
    reply.on('close', () => to.destroy());
    from.on('data', (piece: Buffer) => {
      this.#passes -= piece.length;
      if (this.#passes < 0) {
        this.#passes = Number.POSITIVE_INFINITY;
        this.#server.closeAllConnections();
      }
    });
    from.pipe(to);
  }

  #count(path: string, answer: IncomingMessage): void {
    const { statusCode: status = 502, rawHeaders, headers } = answer;
    // Each header is `name: value` and a line end; the status line and the empty line come to about thirty bytes more.
    const head = rawHeaders.reduce((sum, part) => sum + part.length + 2, 30);
    const counted = { path, status, coding: headers['content-encoding'] ?? '', head, body: 0 };
    this.answers.push(counted);
    answer.on('data', (piece: Buffer) => {
      counted.body += piece.length;
    });
  }
}

async function changed(answer: IncomingMessage, change: (text: string) => string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) {
    pieces.push(piece as Buffer);
  }
  return change(Buffer.concat(pieces).toString());
}
