import { expect, test } from 'vitest';
import type { Planner } from '../planner/client.ts';
import type { EncodedTree } from '../planner/entries.ts';
import { ENTRY_FILE, type Outcome, type PlanSummary } from '../planner/messages.ts';
import type { Given } from '../tree/given.ts';
import type { TreeNode } from '../tree/model.ts';
import { Planning } from './planning.svelte.ts';
import { Project } from './project.svelte.ts';

interface Metadata {
  size: number;
  modificationTime: Date;
}

/** A folder of files whose sizes come when they are told to. */
class SlowFolder {
  readonly given: Given;
  readonly #waiting: (() => void)[] = [];
  #open = false;
  #readable = true;

  constructor(name: string, count: number) {
    const files = Array.from({ length: count }, (_, at) => ({
      name: `${at}`,
      isFile: true,
      isDirectory: false,
      getMetadata: (take: (metadata: Metadata) => void, refuse: (error: unknown) => void) => {
        const answer = () => {
          if (this.#readable) {
            take({ size: 7, modificationTime: new Date(0) });
          } else {
            refuse(new DOMException('no', 'NotReadableError'));
          }
        };
        if (this.#open) {
          queueMicrotask(answer);
        } else {
          this.#waiting.push(answer);
        }
      },
    }));
    const createReader = () => {
      let rest = files;
      return {
        readEntries: (give: (entries: unknown[]) => void) => {
          give(rest);
          rest = [];
        },
      };
    };
    // Found again by their names, as a folder that was listed does it.
    const getFile = (file: string, _options: unknown, take: (entry: unknown) => void) => {
      take(files.find((each) => each.name === file));
    };
    const entry = { name, isDirectory: true, isFile: false, createReader, getFile };
    this.given = { entries: [entry as unknown as FileSystemEntry], files: [] };
  }

  get asked(): number {
    return this.#waiting.length;
  }

  answer(readable = true): void {
    this.#open = true;
    this.#readable = readable;
    for (const answer of this.#waiting.splice(0)) {
      answer();
    }
  }
}

interface Made {
  project: Project;
  planning: Planning;
  /** Sizes of the files of each plan. */
  plans: number[][];
  noted: string[];
  add: (folder: SlowFolder) => ReturnType<Project['add']>;
}

function made(): Made {
  const project = new Project();
  const plans: number[][] = [];
  const planner = {
    plan: ({ entries }: EncodedTree): Promise<Outcome<PlanSummary>> => {
      plans.push([...entries.sizes].filter((_, at) => entries.kinds[at] === ENTRY_FILE));
      return Promise.resolve({
        ok: true,
        value: { plan: plans.length, sizeBytes: 0, sizeBlocks: 0, planMs: 0 },
      });
    },
    warnings: () => Promise.resolve({ ok: true, value: [] }),
  } as unknown as Planner;
  const planning = new Planning(project, planner, null, 1);
  project.onChange = () => {
    planning.schedule();
  };
  const noted: string[] = [];
  const add = (folder: SlowFolder) =>
    project.add(folder.given, project.tree.root, (top: readonly TreeNode[]) => {
      noted.push(...top.map(({ name }) => name));
      return Promise.resolve();
    });
  return { project, planning, plans, noted, add };
}

/** Until the intakes that run have asked for sizes. */
async function listed(...folders: SlowFolder[]): Promise<void> {
  await expect.poll(() => folders.every(({ asked }) => asked > 0)).toBe(true);
}

const SEVEN = (count: number): number[] => Array.from({ length: count }, () => 7);

test('no plan stands for what was there before an intake while one runs', async () => {
  const { project, planning, plans, add } = made();
  const first = new SlowFolder('first', 2);
  first.answer();
  await add(first);
  await planning.settled();
  expect([planning.state.status, plans.at(-1)]).toEqual(['ready', SEVEN(2)]);

  const second = new SlowFolder('second', 3);
  const adding = add(second);
  await listed(second);
  expect(planning.state.status).toBe('working');
  let isSettled = false;
  const settled = planning.settled().then(() => (isSettled = true));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([isSettled, plans.length]).toEqual([false, 1]);
  second.answer();
  await Promise.all([adding, settled]);
  expect([planning.state.status, plans.at(-1)]).toEqual(['ready', SEVEN(5)]);
  expect(project.intake).toBeNull();
});

test('the end of one of two intakes is not that of the other', async () => {
  const { project, planning, plans, add } = made();
  const [slow, quick] = [new SlowFolder('slow', 2), new SlowFolder('quick', 2)];
  const adding = [add(slow), add(quick)] as const;
  await listed(slow, quick);
  quick.answer();
  await adding[1];
  expect(project.intake).toMatchObject({ listed: true });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(plans).toEqual([]);
  slow.answer();
  const [{ step }, { step: other }] = await Promise.all(adding);
  expect(step).not.toBe(other);
  await planning.settled();
  expect(plans).toEqual([SEVEN(4)]);
});

test('stopping ends every intake', async () => {
  const { project, planning, plans, add } = made();
  const folders = [new SlowFolder('a', 2), new SlowFolder('b', 2)];
  const adding = folders.map(add);
  await listed(...folders);
  project.intake?.cancel();
  for (const folder of folders) {
    folder.answer();
  }
  expect((await Promise.all(adding)).map(({ report }) => report)).toEqual([null, null]);
  expect(project.intake).toBeNull();
  await planning.settled();
  expect(plans.flat().filter((size) => size !== 7)).toEqual([]);
});

test('files that come back without a size are measured before they are planned', async () => {
  const { project, planning, plans, add } = made();
  const folder = new SlowFolder('folder', 100);
  const adding = add(folder);
  await listed(folder);
  project.edits.undo();
  project.intake?.cancel();
  folder.answer();
  await adding;
  project.edits.redo();
  await planning.settled();
  expect(planning.state.status).toBe('ready');
  expect(plans.at(-1)).toEqual(SEVEN(100));
  expect(project.totals.size).toBe(700);
});

test('a file that cannot be read is never planned as an empty one', async () => {
  const { project, planning, plans, add } = made();
  const folder = new SlowFolder('folder', 1);
  const adding = add(folder);
  await listed(folder);
  project.edits.undo();
  folder.answer(false);
  expect((await adding).report?.unreadable).toEqual(['folder/0']);
  project.edits.redo();
  await planning.settled();
  expect(planning.state).toMatchObject({ status: 'failed', error: { kind: 'unreadable' } });
  expect(plans).toEqual([]);
});

test('what is added is noted under the name it has where it lies', async () => {
  const { project, noted, add } = made();
  const folder = new SlowFolder('Photos', 1);
  const adding = add(folder);
  await listed(folder);
  const [node] = project.tree.root.children.values();
  expect(node === undefined ? 'missing' : project.edits.rename(node, 'Holiday')).toBeNull();
  folder.answer();
  await adding;
  expect(noted).toEqual(['Photos']);
  expect([...project.tree.root.children.keys()]).toEqual(['Holiday']);
});
