/** A stand-in for a bad connection: passes everything on to the agent, and breaks when told to. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Relay {
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
    // The agent talks to nobody who came to another address than its own.
    const headers = { ...from.headers, host, ...(from.headers.origin === undefined ? {} : { origin }) };
    const to = request({
      host: this.#agent.hostname,
      port: this.#agent.port,
      path: from.url,
      method: from.method,
      headers,
    });
    to.on('response', (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
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
}
