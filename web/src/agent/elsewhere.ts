/**
 * The agent as a page of another site finds it. Browsers let such a page reach programs on this computer only when the
 * user says so: Chromium and Firefox ask, Safari refuses. Without that, and without a pairing code that is open, no
 * answer looks any different from no agent.
 */

/** Ports where agents listen, in the order they take them. */
const PORTS = Array.from({ length: 10 }, (_, index) => 8653 + index);
/** How long an agent may take to say that it is one, once the browser lets the page ask. */
const ANSWER_MS = 3000;

/** The page of the agent, for whoever has no other way. */
export const OWN_PAGE = `http://127.0.0.1:${PORTS[0] ?? 8653}/`;

/** `unknown`: this browser has no such permission, and lets the page ask or not. */
export type LoopbackPermission = PermissionState | 'unknown';

/** Why no agent was found: forbidden, the question was put away, or nobody answered. */
export type NotFound = 'denied' | 'dismissed' | 'silent';

/** Whether a page is served by this computer itself. */
export function isLoopback(hostname: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

/** Whether the page may reach programs on this computer. The permission has had two names. */
export async function loopbackPermission(
  query: (name: string) => Promise<PermissionState> = queryPermission,
): Promise<LoopbackPermission> {
  for (const name of ['loopback-network', 'local-network-access']) {
    try {
      return await query(name);
    } catch {
      // The browser does not know it by this name.
    }
  }
  return 'unknown';
}

async function queryPermission(name: string): Promise<PermissionState> {
  return (await navigator.permissions.query({ name: name as PermissionName })).state;
}

/**
 * Looks for an agent that talks to this page, where it was last time first. Only the first request has the browser ask
 * the user, and waits for the answer as long as it takes.
 */
export async function findAgent(
  last: string | null,
  isAgent: (address: string, signal: AbortSignal | undefined) => Promise<boolean>,
  permission: () => Promise<LoopbackPermission> = loopbackPermission,
): Promise<{ address: string } | { notFound: NotFound }> {
  const addresses = new Set([
    ...(last === null ? [] : [last]),
    ...PORTS.map((port) => `http://127.0.0.1:${port}`),
  ]);
  for (const address of addresses) {
    const state = await permission();
    if (state === 'denied') {
      return { notFound: 'denied' };
    }
    const signal = state === 'prompt' ? undefined : AbortSignal.timeout(ANSWER_MS);
    if (await isAgent(address, signal)) {
      return { address };
    }
    if (state === 'prompt' && (await permission()) === 'prompt') {
      return { notFound: 'dismissed' };
    }
  }
  return { notFound: 'silent' };
}
