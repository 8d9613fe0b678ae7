import { describe, expect, test } from 'vitest';
import { findAgent, isLoopback, loopbackPermission, type LoopbackPermission } from './elsewhere.ts';

/** Looks with a browser in this state; answers with what was found and where was asked. */
async function look(
  states: LoopbackPermission[],
  agents: readonly string[],
  last: string | null = null,
): Promise<{ found: string; asked: string[]; patient: number }> {
  const asked: string[] = [];
  let patient = 0;
  const isAgent = (address: string, signal: AbortSignal | undefined): Promise<boolean> => {
    asked.push(address);
    patient += signal === undefined ? 1 : 0;
    return Promise.resolve(agents.includes(address));
  };
  const permission = (): Promise<LoopbackPermission> => {
    const [state = 'unknown', ...more] = states;
    states = more.length === 0 ? states : more;
    return Promise.resolve(state);
  };
  const outcome = await findAgent(last, isAgent, permission);
  return { found: 'address' in outcome ? outcome.address : outcome.notFound, asked, patient };
}

describe('an agent', () => {
  test('is found on the default port, the next ones, and where it was', async () => {
    const first = 'http://127.0.0.1:8653';
    expect(await look(['granted'], [first])).toEqual({ found: first, asked: [first], patient: 0 });
    const { found, asked } = await look(['granted'], ['http://127.0.0.1:8655']);
    expect([found, asked.length]).toEqual(['http://127.0.0.1:8655', 3]);
    const other = 'http://127.0.0.1:9000';
    expect((await look(['granted'], [other, first], other)).asked).toEqual([other]);
  });

  test('is not looked for where the browser forbids it', async () => {
    expect(await look(['denied'], ['http://127.0.0.1:8653'])).toMatchObject({ found: 'denied', asked: [] });
    expect((await look(['prompt', 'denied'], [])).found).toBe('denied');
  });

  test('is asked for once when the question is put away, and the question is waited for', async () => {
    expect(await look(['prompt'], [])).toMatchObject({
      found: 'dismissed',
      asked: ['http://127.0.0.1:8653'],
      patient: 1,
    });
  });

  test('that does not answer is told so after every port', async () => {
    const { found, asked } = await look(['unknown'], []);
    expect([found, asked.length]).toEqual(['silent', 10]);
  });
});

test('the permission is known by either name, or not at all', async () => {
  const old = (name: string): Promise<PermissionState> =>
    name === 'local-network-access' ? Promise.resolve('prompt') : Promise.reject(new TypeError(name));
  expect(await loopbackPermission(old)).toBe('prompt');
  expect(await loopbackPermission(() => Promise.reject(new TypeError('none')))).toBe('unknown');
});

test('pages of this computer are told from others', () => {
  expect(['127.0.0.1', 'localhost', '[::1]'].every(isLoopback)).toBe(true);
  expect(['localhost.example', '127.0.0.1.example', ''].some(isLoopback)).toBe(false);
});
