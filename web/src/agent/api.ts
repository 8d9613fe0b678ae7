import type {
  AgentImage,
  BurnRequest,
  Drive,
  Job,
  JobHistory,
  JobMap,
  Problem,
  TaskRequest,
} from './types.ts';

/** What the agent refused, or that it could not be reached (`code` is then `agentUnreachable`). */
export class AgentError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'AgentError';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** Turns a refusal's body into a problem, whatever the body is. */
export function problemFrom(status: number, body: string): Problem {
  try {
    const value = JSON.parse(body) as Partial<Problem>;
    if (typeof value.code === 'string') {
      return { title: '', status, ...value, code: value.code };
    }
  } catch {
    // Not the agent's own answer; described by its status below.
  }
  return { code: `http${status}`, title: `HTTP ${status}`, status };
}

export function unreachable(): Problem {
  return { code: 'agentUnreachable', title: 'the agent does not answer', status: 0 };
}

export interface Health {
  name: string;
  version: string;
  api: number;
}

/** Requests to the agent. Every refusal is an `AgentError`. */
export class AgentApi {
  /** Where the agent is; empty when it served this page. */
  address = '';
  readonly #token: () => string | null;
  readonly #fetch: typeof fetch;

  constructor(token: () => string | null, fetcher: typeof fetch = (input, init) => fetch(input, init)) {
    this.#token = token;
    this.#fetch = fetcher;
  }

  /** Headers that show who asks. */
  authorization(): Record<string, string> {
    const token = this.#token();
    return token === null ? {} : { Authorization: `Bearer ${token}` };
  }

  /** The agent's address of a path. */
  url(path: string): string {
    return this.address + path;
  }

  /** The agent, or `null` when something else answers there. */
  async health(signal?: AbortSignal): Promise<Health | null> {
    try {
      const health = await this.#json<Partial<Health>>('GET', '/v1/health', undefined, signal);
      const { name, version, api } = health;
      return name === 'discwright' ? { name, version: version ?? '', api: api ?? 0 } : null;
    } catch (error) {
      if (error instanceof AgentError && error.code === 'agentUnreachable') {
        throw error;
      }
      return null;
    }
  }

  /** Trades a pairing code for a token. */
  async pair(code: string): Promise<string> {
    const { token } = await this.#json<{ token: string }>('POST', '/v1/pairings', { code });
    return token;
  }

  async drives(): Promise<Drive[]> {
    return (await this.#json<{ drives: Drive[] }>('GET', '/v1/drives')).drives;
  }

  async jobs(): Promise<Job[]> {
    return (await this.#json<{ jobs: Job[] }>('GET', '/v1/jobs')).jobs;
  }

  job(id: string): Promise<Job> {
    return this.#json<Job>('GET', `/v1/jobs/${encodeURIComponent(id)}`);
  }

  /** What a job did over time. */
  jobHistory(id: string): Promise<JobHistory> {
    return this.#json<JobHistory>('GET', `/v1/jobs/${encodeURIComponent(id)}/history`);
  }

  /** What a job knows of the blocks it reads. */
  jobMap(id: string): Promise<JobMap> {
    return this.#json<JobMap>('GET', `/v1/jobs/${encodeURIComponent(id)}/map`);
  }

  startJob(request: BurnRequest | TaskRequest): Promise<Job> {
    return this.#json<Job>('POST', '/v1/jobs', request);
  }

  image(id: string): Promise<AgentImage> {
    return this.#json<AgentImage>('GET', `/v1/images/${encodeURIComponent(id)}`);
  }

  /** The bytes of an image the agent holds. */
  content(id: string, signal: AbortSignal): Promise<Response> {
    return this.send('GET', `/v1/images/${encodeURIComponent(id)}/content`, { signal });
  }

  async cancel(job: string): Promise<void> {
    await this.send('DELETE', `/v1/jobs/${encodeURIComponent(job)}`);
  }

  async eject(drive: string): Promise<void> {
    await this.send('POST', `/v1/drives/${encodeURIComponent(drive)}/eject`);
  }

  async load(drive: string): Promise<void> {
    await this.send('POST', `/v1/drives/${encodeURIComponent(drive)}/load`);
  }

  /** Sends one request and gives the reply if the agent agreed. */
  async send(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { ...this.authorization(), ...options.headers };
    const init: RequestInit & { targetAddressSpace?: string } = { method, headers, cache: 'no-store' };
    if (this.address !== '') {
      init.targetAddressSpace = 'loopback';
    }
    if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(options.body);
    }
    if (options.signal !== undefined) {
      init.signal = options.signal;
    }
    let response: Response;
    try {
      response = await this.#fetch(this.url(path), init);
    } catch (error) {
      if (options.signal?.aborted === true) {
        throw error;
      }
      throw new AgentError(unreachable());
    }
    if (!response.ok) {
      throw new AgentError(problemFrom(response.status, await response.text()));
    }
    return response;
  }

  async #json<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.send(method, path, { body, ...(signal === undefined ? {} : { signal }) });
    try {
      return (await response.json()) as T;
    } catch {
      throw new AgentError({ code: 'notTheAgent', title: 'the reply is not JSON', status: response.status });
    }
  }
}
