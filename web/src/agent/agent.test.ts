import { describe, expect, test } from 'vitest';
import { AgentApi, AgentError, problemFrom } from './api.ts';
import { EventParser, followEvents } from './events.ts';
import { takePairingCode, TokenStore } from './session.ts';

function answering(status: number, body: string): typeof fetch {
  return () => Promise.resolve(new Response(body, { status }));
}

describe('AgentApi', () => {
  test('a problem keeps its code, hint and sense', async () => {
    const body = JSON.stringify({
      code: 'driveBusy',
      title: 'busy',
      hint: 'wait',
      sense: { key: 2, asc: 4, ascq: 1 },
    });
    const api = new AgentApi(() => 't', answering(409, body));
    const error = await api.drives().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AgentError);
    expect((error as AgentError).problem).toMatchObject({
      code: 'driveBusy',
      hint: 'wait',
      status: 409,
      sense: { asc: 4 },
    });
  });

  test('a refusal that is not a problem is told by its status', () => {
    expect(problemFrom(502, '<html>')).toEqual({ code: 'http502', title: 'HTTP 502', status: 502 });
    expect(problemFrom(500, '{"title":"x"}').code).toBe('http500');
  });

  test('no answer at all is "unreachable"', async () => {
    const api = new AgentApi(
      () => null,
      () => Promise.reject(new TypeError('failed')),
    );
    await expect(api.health()).rejects.toMatchObject({ code: 'agentUnreachable' });
  });

  test('another server is not taken for the agent', async () => {
    expect(await new AgentApi(() => null, answering(200, '<!doctype html>')).health()).toBeNull();
    expect(await new AgentApi(() => null, answering(200, '{"name":"other"}')).health()).toBeNull();
    expect(await new AgentApi(() => null, answering(404, '')).health()).toBeNull();
  });

  test('the token is sent when there is one', async () => {
    const seen: (string | null)[] = [];
    const record: typeof fetch = (_, init) => {
      seen.push(new Headers(init?.headers).get('Authorization'));
      return Promise.resolve(new Response('{"drives":[]}'));
    };
    await new AgentApi(() => 'abc', record).drives();
    await new AgentApi(() => null, record).drives();
    expect(seen).toEqual(['Bearer abc', null]);
  });
});

describe('EventParser', () => {
  test('events whole, cut anywhere, with any line end', () => {
    const text = ': hi\nid: 7\nevent: job\ndata: {"a":\ndata: 1}\n\r\nevent:drive\r\ndata:x\r\n\r\n\n';
    const whole = new EventParser().push(text);
    expect(whole).toEqual([
      { id: '7', event: 'job', data: '{"a":\n1}' },
      { id: '7', event: 'drive', data: 'x' },
    ]);
    for (let cut = 0; cut <= text.length; cut += 1) {
      const parser = new EventParser();
      expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]).toEqual(whole);
    }
  });
});

test('events go on after the last one seen', async () => {
  const asked: (string | null)[] = [];
  const stop = new AbortController();
  const fetcher: typeof fetch = (_, init) => {
    asked.push(new Headers(init?.headers).get('Last-Event-ID'));
    return Promise.resolve(new Response(`id: ${asked.length}\ndata: x\n\n`));
  };
  const seen: (string | null)[] = [];
  const lost: unknown[] = [];
  await followEvents(
    new AgentApi(() => 't', fetcher),
    {
      onOpen: () => undefined,
      onEvent: (event) => seen.push(event.id),
      onLost: (error) => {
        lost.push(error);
        if (asked.length === 2) {
          stop.abort();
        }
      },
    },
    stop.signal,
  );
  expect(asked).toEqual([null, '1']);
  expect(seen).toEqual(['1', '2']);
  expect(lost).toEqual([null, null]);
});

describe('session', () => {
  test('the pairing code leaves the address', () => {
    const replaced: unknown[] = [];
    const history = {
      state: null,
      replaceState: (...args: unknown[]) => replaced.push(args[2]),
    } as unknown as History;
    const location = { hash: '#pair=ABCD-1234', pathname: '/', search: '?x' } as Location;
    expect(takePairingCode(location, history)).toBe('ABCD-1234');
    expect(replaced).toEqual(['/?x']);
    expect(takePairingCode({ hash: '', pathname: '/', search: '' } as Location, history)).toBeNull();
    expect(replaced.length).toBe(1);
  });

  test('the token is kept, and forgotten when cleared', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    } as unknown as Storage;
    new TokenStore(storage).set('abc');
    expect(new TokenStore(storage).token).toBe('abc');
    const store = new TokenStore(storage);
    store.clear();
    expect([store.token, new TokenStore(storage).token]).toEqual([null, null]);
    const memory = new TokenStore(null);
    memory.set('x');
    expect(memory.token).toBe('x');
  });
});
