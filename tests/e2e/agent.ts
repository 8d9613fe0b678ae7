/** The real agent, started for one test with discs that are files, and the command line beside it. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PROGRAM =
  process.env['DISCWRIGHT'] ?? fileURLToPath(new URL('../../target/debug/discwright', import.meta.url));

/** Runs `discwright` to its end and answers with its standard output. */
export async function discwright(...args: string[]): Promise<string> {
  const { stdout } = await run(PROGRAM, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** What a disc in a virtual drive is. */
export interface Disc {
  media: string;
  /** Blocks of 2048 bytes, for one smaller than it is sold. */
  capacity?: number;
  /** A script of what goes wrong in its drive. */
  faults?: string;
}

/** How an agent is started. */
export interface Ways {
  /** On any port that is free, or where pages of other sites look for one. */
  port?: 'any' | 'usual';
  /** Drives write at this many times 1x; as fast as they can if there is none. */
  pace?: number | null;
  /** Where it keeps its files, a disk of so many mebibytes: a large one if nothing is said. */
  room?: number | null;
}

/** An agent that runs. `stop` and `start` bring it down and up again with the same state and port. */
export class Agent {
  readonly #folder: string;
  readonly #discs: readonly string[];
  readonly #chosen: boolean;
  readonly #pace: number | null;
  readonly #room: number | null;
  #process: ChildProcess | null = null;
  #port = 0;
  #address = '';

  private constructor(
    folder: string,
    discs: readonly string[],
    { port = 'any', pace = null, room = null }: Ways,
  ) {
    this.#folder = folder;
    this.#discs = discs;
    this.#chosen = port === 'any';
    this.#pace = pace;
    this.#room = room;
  }

  /** Makes the discs in `folder`, and starts an agent whose drives hold them. */
  static async open(folder: string, discs: readonly Disc[], ways: Ways = {}): Promise<Agent> {
    const files: string[] = [];
    for (const [index, disc] of discs.entries()) {
      const file = join(folder, `${index}-${disc.media}.vdisc`);
      const capacity = disc.capacity === undefined ? [] : ['--capacity', String(disc.capacity)];
      await discwright('virtual', 'create', '--media', disc.media, ...capacity, file);
      if (disc.faults !== undefined) {
        await writeFile(`${file}.faults`, disc.faults);
      }
      files.push(file);
    }
    const agent = new Agent(folder, files, ways);
    await agent.start();
    return agent;
  }

  /** The page's address, with the code that pairs it. */
  get address(): string {
    return this.#address;
  }

  /** The page's address alone. */
  get origin(): string {
    return new URL(this.#address).origin;
  }

  /** The file of a disc, by its place in the list the agent was opened with. */
  disc(index: number): string {
    const file = this.#discs[index];
    if (file === undefined) {
      throw new Error(`the agent has no disc ${index}`);
    }
    return file;
  }

  async start(): Promise<void> {
    const drives = this.#discs.flatMap((disc) => ['--virtual-drive', disc]);
    const port = this.#chosen || this.#port !== 0 ? ['--port', String(this.#port)] : [];
    const pace = this.#pace === null ? [] : ['--virtual-pace', String(this.#pace)];
    const state = join(this.#folder, 'state');
    const args = ['start', '--no-open', ...port, ...pace, '--state-dir', state, ...drives];
    const [program, words] = this.#room === null ? [PROGRAM, args] : await inRoom(this.#room, state, args);
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    this.#address = await addressOf(child);
    this.#port = Number(new URL(this.#address).port);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
  }

  /** Another code, as a user who types `discwright pair` gets it. */
  async pairingCode(): Promise<string> {
    const answer = await discwright('pair', '--json', '--state-dir', join(this.#folder, 'state'));
    return (JSON.parse(answer) as { code: string }).code;
  }
}

/** What starts the agent with a disk of its own, of so many mebibytes, that nobody else sees. */
async function inRoom(room: number, state: string, args: string[]): Promise<[string, string[]]> {
  await mkdir(state, { recursive: true });
  const script = 'mount -t tmpfs -o size="$1"m,mode=700 tmpfs "$2" && shift 2 && exec "$@"';
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const shell = ['sh', '-c', script, 'sh', String(room), state, PROGRAM, ...args];
  return ['unshare', ['--mount', ...asRoot, ...shell]];
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) {
    throw new Error('the agent has no standard output');
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^discwright is ready: (\S+)$/.exec(line)?.[1];
    if (address !== undefined) {
      child.stdout.resume();
      return address;
    }
  }
  throw new Error('the agent ended before it was ready');
}
