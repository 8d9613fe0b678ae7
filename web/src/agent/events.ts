/** Server-sent events read through `fetch`, because `EventSource` cannot carry a token. */
import { AgentError, type AgentApi } from './api.ts';

export interface ServerEvent {
  id: string | null;
  event: string;
  data: string;
}

/** Splits the stream's text into events, as the HTML standard's event stream interpretation says. */
export class EventParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #id: string | null = null;

  /** Takes the next piece of text and gives the events it completes. */
  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        this.#field(line);
        continue;
      }
      if (this.#data.length > 0) {
        events.push({ id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') });
      }
      this.#event = '';
      this.#data = [];
    }
    return events;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#event = value;
    } else if (name === 'id') {
      this.#id = value;
    }
  }
}

export interface EventHandlers {
  onEvent: (event: ServerEvent) => void;
  /** The stream is open, for the first time or again. */
  onOpen: () => void;
  /** The stream broke; it is tried again. `error` tells a refusal from an agent that is gone. */
  onLost: (error: AgentError | null) => void;
}

const RETRY_MS = [500, 1000, 2000, 4000];

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

async function readStream(
  response: Response,
  parser: EventParser,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
    for (const event of parser.push(piece.value)) {
      onEvent(event);
    }
  }
}

function isGoing(signal: AbortSignal): boolean {
  return !signal.aborted;
}

/** Follows the agent's events until `signal` ends it, and takes up after the last event seen when cut off. */
export async function followEvents(
  api: AgentApi,
  handlers: EventHandlers,
  signal: AbortSignal,
): Promise<void> {
  const seen: { last: string | null } = { last: null };
  for (let tries = 0; isGoing(signal); tries += 1) {
    let lost: AgentError | null = null;
    try {
      const headers: Record<string, string> = seen.last === null ? {} : { 'Last-Event-ID': seen.last };
      const response = await api.send('GET', '/v1/events', { headers, signal });
      handlers.onOpen();
      await readStream(response, new EventParser(), (event) => {
        tries = 0;
        seen.last = event.id ?? seen.last;
        handlers.onEvent(event);
      });
    } catch (error) {
      lost = error instanceof AgentError ? error : null;
    }
    if (!isGoing(signal)) {
      return;
    }
    handlers.onLost(lost);
    await pause(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 4000, signal);
  }
}
