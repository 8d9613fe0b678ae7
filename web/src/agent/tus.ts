/**
 * Uploads an image by tus 1.0: the agent knows how much it has, so an upload that was cut goes on from
 * there. XMLHttpRequest because `fetch` tells nothing of an upload's progress.
 */
import { AgentError, problemFrom, unreachable } from './api.ts';
import type { Problem } from './types.ts';

export interface TusRequest {
  method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: Blob;
  onProgress?: (sent: number) => void;
}

export interface TusResponse {
  status: number;
  header: (name: string) => string | null;
  text: string;
}

/** Sends one request. Rejects with a `TypeError` when no answer came. */
export type TusTransport = (request: TusRequest, signal: AbortSignal) => Promise<TusResponse>;

/** The transport of browsers. */
export function sendByXhr(request: TusRequest, signal: AbortSignal): Promise<TusResponse> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => {
      xhr.abort();
    };
    xhr.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) {
      xhr.setRequestHeader(name, value);
    }
    xhr.upload.onprogress = (event) => {
      request.onProgress?.(event.loaded);
    };
    xhr.onload = () => {
      resolve({ status: xhr.status, header: (name) => xhr.getResponseHeader(name), text: xhr.responseText });
    };
    xhr.onerror = () => {
      reject(new TypeError('the upload was cut off'));
    };
    xhr.onabort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'));
    };
    xhr.onloadend = () => {
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    xhr.send(request.body ?? null);
  });
}

/** What is uploaded: a Blob, or what gives its bytes as Blobs. */
export interface Uploadable {
  readonly size: number;
  slice(from: number, to: number): Blob | Promise<Blob>;
}

export interface UploadOptions {
  endpoint: string;
  name: string;
  headers: () => Record<string, string>;
  signal: AbortSignal;
  /** `interrupted` is true while the upload waits to go on after a cut. */
  onProgress: (sent: number, interrupted: boolean) => void;
  /** Called when a request broke off, before it is tried again; may reject to end the upload with a better reason. */
  onCut?: (sent: number) => Promise<void>;
  transport?: TusTransport;
  /** Bytes per PATCH: what a cut can cost at most where an agent keeps no part of an unfinished request. */
  chunkBytes?: number;
  /** Waits between tries, in milliseconds; the upload fails after the last without a byte of progress. */
  retryMs?: readonly number[];
}

const CHUNK_BYTES = 64 * 1024 * 1024;
const RETRY_MS = [250, 500, 1000, 2000, 4000, 8000, 8000, 8000];

function base64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** Refusals that pass: another request still writes, the offset was stale, the connection was cut or too slow. */
const PASSING = new Set([0, 408, 409, 423, 429, 500, 502, 503, 504]);

/** Whether the same request may succeed a little later. */
function isPassing({ status, code }: Problem): boolean {
  return PASSING.has(status) || code === 'cut' || code === 'checksumMismatch';
}

class TusUpload {
  readonly #image: Uploadable;
  readonly #options: UploadOptions;
  readonly #send: TusTransport;
  #offset = 0;

  constructor(image: Uploadable, options: UploadOptions) {
    this.#image = image;
    this.#options = options;
    this.#send = options.transport ?? sendByXhr;
  }

  async run(): Promise<string> {
    const location = await this.#create();
    try {
      await this.#sendAll(location);
    } catch (error) {
      if (this.#options.signal.aborted) {
        this.#discard(location);
      }
      throw error;
    }
    return location;
  }

  async #create(): Promise<string> {
    const response = await this.#request('POST', this.#options.endpoint, {
      'Upload-Length': String(this.#image.size),
      'Upload-Metadata': `filename ${base64(this.#options.name)},name ${base64(this.#options.name)}`,
    });
    const location = response.header('Location');
    if (location === null) {
      throw new AgentError({ code: 'notTheAgent', title: 'no Location', status: response.status });
    }
    return resolve(location, this.#options.endpoint);
  }

  async #sendAll(location: string): Promise<void> {
    const retryMs = this.#options.retryMs ?? RETRY_MS;
    let failures = 0;
    let resume = false;
    while (this.#offset < this.#image.size) {
      const before = this.#offset;
      try {
        if (resume) {
          this.#offset = await this.#ask(location);
          resume = false;
        } else {
          this.#offset = await this.#patch(location);
        }
        failures = this.#offset > before ? 0 : failures;
      } catch (error) {
        const delay = retryMs[failures];
        if (delay === undefined || !this.#mayRetry(error)) {
          throw error;
        }
        failures += 1;
        resume = true;
        this.#options.onProgress(this.#offset, true);
        await this.#options.onCut?.(this.#offset);
        await wait(delay, this.#options.signal);
      }
    }
  }

  #mayRetry(error: unknown): boolean {
    if (this.#options.signal.aborted) {
      return false;
    }
    return error instanceof AgentError && isPassing(error.problem);
  }

  async #patch(location: string): Promise<number> {
    const start = this.#offset;
    const end = Math.min(this.#image.size, start + (this.#options.chunkBytes ?? CHUNK_BYTES));
    const response = await this.#request(
      'PATCH',
      location,
      { 'Upload-Offset': String(start), 'Content-Type': 'application/offset+octet-stream' },
      await this.#image.slice(start, end),
    );
    return this.#offsetIn(response);
  }

  async #ask(location: string): Promise<number> {
    const offset = this.#offsetIn(await this.#request('HEAD', location, {}));
    this.#options.onProgress(offset, false);
    return offset;
  }

  #offsetIn(response: TusResponse): number {
    const offset = Number(response.header('Upload-Offset') ?? Number.NaN);
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > this.#image.size) {
      throw new AgentError({
        code: 'notTheAgent',
        title: 'no usable Upload-Offset',
        status: response.status,
      });
    }
    return offset;
  }

  async #request(
    method: TusRequest['method'],
    url: string,
    headers: Record<string, string>,
    body?: Blob,
  ): Promise<TusResponse> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const start = this.#offset;
    const request: TusRequest = {
      method,
      url,
      headers: { 'Tus-Resumable': '1.0.0', ...this.#options.headers(), ...headers },
    };
    if (body !== undefined) {
      request.body = body;
      request.onProgress = (sent) => {
        this.#options.onProgress(Math.min(start + sent, this.#image.size), false);
      };
    }
    let response: TusResponse;
    try {
      response = await this.#send(request, signal);
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      throw new AgentError(unreachable());
    }
    if (response.status < 200 || response.status >= 300) {
      throw new AgentError(problemFrom(response.status, response.text));
    }
    return response;
  }

  /** Tells the agent that the rest will not come, so that it keeps no half image. It tidies up alone if this fails. */
  #discard(location: string): void {
    const headers = { 'Tus-Resumable': '1.0.0', ...this.#options.headers() };
    this.#send({ method: 'DELETE', url: location, headers }, new AbortController().signal).catch(
      () => undefined,
    );
  }
}

/** The agent tells paths; they are of the agent, wherever the page is from. */
function resolve(location: string, endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(location, endpoint).href : location;
}

/** Uploads an image and gives the URL the agent keeps it under. */
export function upload(image: Uploadable, options: UploadOptions): Promise<string> {
  return new TusUpload(image, options).run();
}
