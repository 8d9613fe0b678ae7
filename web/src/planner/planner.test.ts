import { describe, expect, test } from 'vitest';
import { Slicer } from '../schedule/slicer.ts';
import { RANGES, type Details } from '../tree/details.ts';
import { ContentTree } from '../tree/model.ts';
import { Planner } from './client.ts';
import { detailsOf, NONE } from './columns.ts';
import { composeImage, imageInPieces, imageSlice, sourcesBetween } from './compose.ts';
import { contentOf, encodeTree, sourcePath } from './entries.ts';
import type { ImageParts, PlannerReply, PlannerRequest, PlanOptions } from './messages.ts';

function bytes(length: number, fill: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).fill(fill);
}

function parts(
  segments: [kind: number, source: number, start: number, length: number][],
  metadata: Blob[],
): ImageParts {
  return {
    segments: {
      kinds: Uint8Array.from(segments, (s) => s[0]),
      sources: Uint32Array.from(segments, (s) => s[1]),
      starts: Float64Array.from(segments, (s) => s[2]),
      lengths: Float64Array.from(segments, (s) => s[3]),
    },
    metadata,
  };
}

describe('encodeTree', () => {
  test('lists parents before children, with UTF-8 paths, sizes and times', async () => {
    const tree = new ContentTree();
    const a = tree.addDirectory(tree.root, 'é');
    tree.addFile(a, '😀', new File(['abc'], 'x', { lastModified: 1234 }));
    tree.addDirectory(tree.root, 'empty');
    const { entries, nodes, indexOf } = await encodeTree(tree);
    const decoder = new TextDecoder();
    const paths = [...entries.pathEnds].map((end, i) =>
      decoder.decode(entries.paths.subarray(i === 0 ? 0 : entries.pathEnds[i - 1], end)),
    );
    expect(paths).toEqual(['é', 'é/😀', 'empty']);
    expect([...entries.kinds]).toEqual([1, 0, 1]);
    expect([...entries.sizes]).toEqual([0, 3, 0]);
    expect([...entries.modified]).toEqual([Number.NaN, 1234, Number.NaN]);
    expect(nodes.map((node) => indexOf.get(node.id))).toEqual([0, 1, 2]);
  });

  test('puts long and many paths one after the other', async () => {
    const tree = new ContentTree();
    const long = 'ü'.repeat(255);
    let at = tree.root;
    for (let depth = 0; depth < 300; depth += 1) {
      at = tree.addDirectory(at, `${long}${depth}`);
    }
    const { entries } = await encodeTree(tree);
    expect(entries.paths.length).toBe(entries.pathEnds.at(-1));
    const last = new TextDecoder().decode(entries.paths.subarray(entries.pathEnds.at(-2)));
    expect(last.split('/').length).toBe(300);
    expect(last.endsWith('ü299')).toBe(true);
  });
});

describe('details', () => {
  /** A tree of a folder, which has the first details, and files below it, which have the others. */
  function treeWith(...details: (Details | null)[]): ContentTree {
    const tree = new ContentTree();
    const folder = tree.addDirectory(tree.root, 'folder');
    for (const [at, said] of details.entries()) {
      const node = at === 0 ? folder : tree.addFile(folder, String(at), new File([], 'x')).node;
      node.details = said;
    }
    return tree;
  }

  const NOTE = { name: 'note', file: new File(['by m'], 'note.txt') };
  const MAP = { name: 'map', file: new File(['north'], 'map.png') };

  test('with named streams have sources behind all entries, in the order of these', async () => {
    const tree = await encodeTree(
      treeWith({ streams: [NOTE, MAP] }, null, { weight: 1, streams: [MAP] }, { hidden: true }),
    );
    expect(
      detailsOf(
        tree.entries,
        new Map(),
        tree.streams.map(({ entry, name, file: { size } }) => ({ entry, name, size })),
      ),
    ).toEqual([
      {
        entry: 0,
        streams: [
          { name: 'note', size: 4 },
          { name: 'map', size: 5 },
        ],
      },
      { entry: 2, weight: 1, streams: [{ name: 'map', size: 5 }] },
      { entry: 3, hidden: true },
    ]);
    expect([0, 1, 4, 5, 6, 7].map((source) => [sourcePath(tree, source), contentOf(tree, source)])).toEqual([
      ['folder', null],
      ['folder/1', expect.any(File)],
      ['folder:note', NOTE.file],
      ['folder:map', MAP.file],
      ['folder/2:map', MAP.file],
      ['', null],
    ]);
  });

  test('cost nothing where there are none', async () => {
    const { entries } = await encodeTree(treeWith(null, { modified: 5 }, null));
    expect(Object.keys(entries).sort()).toEqual(['kinds', 'modified', 'pathEnds', 'paths', 'sizes']);
    expect([...entries.modified].slice(1, 2)).toEqual([5]);
    expect(detailsOf(entries)).toEqual([]);
  });

  test('go into the columns that are needed, and stand for nothing elsewhere', async () => {
    const { entries } = await encodeTree(
      treeWith({ mode: 0 }, null, { uid: 1000 }, { mode: 0o4755, gid: 0 }),
    );
    expect([...(entries.modes ?? [])]).toEqual([0, NONE, NONE, 0o4755]);
    expect([...(entries.uids ?? [])]).toEqual([NONE, NONE, 1000, NONE]);
    expect([...(entries.gids ?? [])]).toEqual([NONE, NONE, NONE, 0]);
    expect(detailsOf(entries)).toEqual([]);
    expect(entries.created ?? entries.visibility ?? entries.weights).toBeUndefined();
  });

  test('that are few become an object for each entry that has some', async () => {
    const { entries } = await encodeTree(
      treeWith({ hiddenIn: ['udf'] }, { created: 0, weight: -7 }, { hidden: false, weight: 0 }, null, {
        hidden: true,
        hiddenIn: ['iso9660', 'joliet', 'udf'],
        weight: RANGES.weight[1],
      }),
    );
    expect(detailsOf(entries)).toEqual([
      { entry: 0, hiddenIn: ['udf'] },
      { entry: 1, created: 0, weight: -7 },
      { entry: 4, hidden: true, hiddenIn: ['iso9660', 'joliet', 'udf'], weight: RANGES.weight[1] },
    ]);
  });

  test('of many entries are as many numbers in each column', async () => {
    const tree = new ContentTree();
    const count = 5000;
    for (let n = 0; n < count; n += 1) {
      const { node } = tree.addFile(tree.root, String(n), { size: 1, lastModified: n });
      node.details = { mode: 0o600, created: n };
    }
    const { entries } = await encodeTree(tree);
    const columns = Object.values(entries) as ArrayBufferView[];
    const bytes = columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(bytes).toBe(entries.paths.length + count * (4 + 1 + 8 + 8 + 4 + 8));
    expect(detailsOf(entries)).toHaveLength(count);
  });

  test('are handed over to the worker with the rest', async () => {
    const tree = await encodeTree(
      treeWith({ mode: 1, uid: 2, gid: 3, created: 4, hidden: true, weight: 5, streams: [NOTE] }),
    );
    const buffers = (Object.values(tree.entries) as ArrayBufferView[]).map(({ buffer }) => buffer);
    let handed: Transferable[] = [];
    let asked: unknown;
    const worker = Object.assign(new EventTarget(), {
      postMessage: (request: unknown, transfer: Transferable[]) => {
        asked = request;
        handed = transfer;
      },
    });
    void new Planner(() => worker as unknown as Worker).plan(tree, {} as PlanOptions);
    expect(asked).toMatchObject({ streams: [{ entry: 0, name: 'note', size: 4 }] });
    expect(handed).toHaveLength(11);
    expect(new Set(handed)).toEqual(new Set(buffers));
  });
});

describe('composeImage', () => {
  const files = [new File([bytes(3000, 1)], 'a'), new File([bytes(5000, 2)], 'b')];
  const fileOf = (source: number) => files[source]!;

  test('metadata across chunk borders, files, parts of files and zeros, in order', async () => {
    const metadata = [new Blob([bytes(2048, 8)]), new Blob([bytes(4096, 9)])];
    const image = parts(
      [
        [0, 0, 0, 4096],
        [1, 0, 0, 3000],
        [2, 0, 0, 1096],
        [1, 1, 1000, 2000],
        [2, 0, 0, 2_100_000],
        [0, 0, 9, 2048],
      ],
      metadata,
    );
    const blob = await composeImage(image, fileOf, new Slicer());
    const expected = new Blob([
      bytes(2048, 8),
      bytes(2048, 9),
      bytes(3000, 1),
      bytes(1096, 0),
      bytes(2000, 2),
      bytes(2_100_000, 0),
      bytes(2048, 9),
    ]);
    expect(blob.size).toBe(expected.size);
    expect(Buffer.from(await blob.arrayBuffer()).equals(Buffer.from(await expected.arrayBuffer()))).toBe(
      true,
    );
  });

  test('thousands of segments come out in order', async () => {
    const many = Array.from({ length: 4000 }, (_, n): [number, number, number, number] => [1, n % 2, n, 1]);
    const blob = await composeImage(parts(many, []), fileOf, new Slicer());
    const out = new Uint8Array(await blob.arrayBuffer());
    expect(out.length).toBe(4000 - 500);
    expect(out.slice(0, 4)).toEqual(Uint8Array.from([1, 2, 1, 2]));
  });

  test('too little metadata is an error, not a short image', async () => {
    const image = parts([[0, 0, 0, 4096]], [new Blob([bytes(2048, 8)])]);
    await expect(composeImage(image, fileOf, new Slicer())).rejects.toThrow('less metadata');
  });

  test('read in pieces it is the same, whatever is open at a time', async () => {
    const image = parts(
      [
        [0, 0, 0, 4096],
        [1, 0, 0, 3000],
        [2, 0, 0, 1096],
        [1, 1, 1000, 2000],
        [1, 0, 10, 48],
        [2, 0, 0, 2_100_000],
        [1, 1, 0, 5000],
        [0, 0, 9, 2048],
      ],
      [new Blob([bytes(2048, 8)]), new Blob([bytes(4096, 9)])],
    );
    const whole = await (await composeImage(image, fileOf, new Slicer())).arrayBuffer();
    for (const most of [1, 2, 3, 256]) {
      const pieces: Blob[] = [];
      for await (const piece of imageInPieces(image, (source) => Promise.resolve(fileOf(source)), most)) {
        pieces.push(piece);
      }
      expect(pieces).toHaveLength(Math.ceil(4 / most));
      expect(Buffer.from(await new Blob(pieces).arrayBuffer()).equals(Buffer.from(whole))).toBe(true);
    }
  });

  test('a slice is what it is of the whole, and opens only what is in it', async () => {
    const image = parts(
      [
        [0, 0, 0, 4096],
        [1, 0, 0, 3000],
        [2, 0, 0, 1096],
        [1, 1, 1000, 2000],
        [0, 0, 9, 2048],
      ],
      [new Blob([bytes(2048, 8)]), new Blob([bytes(4096, 9)])],
    );
    const whole = Buffer.from(await (await composeImage(image, fileOf, new Slicer())).arrayBuffer());
    const borders = [0, 1, 2048, 4095, 4096, 5000, 7096, 7100, 8192, 9000, 10_192, whole.length];
    for (const from of borders) {
      for (const to of borders.filter((border) => border >= from)) {
        const opened = new Set<number>();
        const open = (source: number) => {
          opened.add(source);
          return Promise.resolve(fileOf(source));
        };
        const slice = await imageSlice(image, open, from, to);
        expect(Buffer.from(await slice.arrayBuffer()).equals(whole.subarray(from, to))).toBe(true);
        expect([...opened]).toEqual(sourcesBetween(image, from, to));
      }
    }
  });

  test('files are opened shortly before they are read', async () => {
    const image = parts(
      Array.from({ length: 100 }, (_, n): [number, number, number, number] => [1, n, 0, 1]),
      [],
    );
    const opened: number[] = [];
    const open = (source: number) => {
      opened.push(source);
      return source === 57 ? Promise.reject(new Error('changed')) : Promise.resolve(new File(['x'], 'x'));
    };
    const pieces = imageInPieces(image, open, 10);
    const first = await pieces.next();
    expect(first.done === true ? null : first.value.size).toBe(10);
    expect(opened.length).toBe(20);
    for (let n = 1; n < 5; n += 1) {
      expect((await pieces.next()).done).toBe(false);
    }
    await expect(pieces.next()).rejects.toThrow('changed');
    expect((await pieces.next()).done).toBe(true);
  });

  test('finds the files in a range of the image', () => {
    const image = parts(
      [
        [0, 0, 0, 2048],
        [1, 7, 0, 3000],
        [2, 0, 0, 1096],
        [1, 8, 0, 2048],
      ],
      [],
    );
    expect(sourcesBetween(image, 0, 2048)).toEqual([]);
    expect(sourcesBetween(image, 2047, 2049)).toEqual([7]);
    expect(sourcesBetween(image, 5000, 9000)).toEqual([7, 8]);
    expect(sourcesBetween(image, 5100, 9000)).toEqual([8]);
  });
});

/** Stands in for the worker: answers in its own task, or fails the way a crashed worker does. */
class FakeWorker extends EventTarget {
  static started = 0;
  terminated = false;

  constructor(private readonly reply: (request: PlannerRequest) => PlannerReply | null) {
    super();
    FakeWorker.started += 1;
  }

  postMessage(request: PlannerRequest): void {
    setTimeout(() => {
      const data = this.reply(request);
      const event =
        data === null
          ? Object.assign(new Event('error'), { message: 'out of memory' })
          : new MessageEvent('message', { data });
      this.dispatchEvent(event);
    });
  }

  terminate(): void {
    this.terminated = true;
  }
}

describe('Planner', () => {
  test('pairs answers with questions even out of order', async () => {
    const worker = new FakeWorker((request) => ({ call: 3 - request.call, ok: true, value: [] }));
    const planner = new Planner(() => worker as unknown as Worker);
    const [a, b] = await Promise.all([planner.names(1, new Uint32Array()), planner.parts(1)]);
    expect([a.ok, b.ok]).toEqual([true, true]);
  });

  test('a crash answers every open question and the next one starts afresh', async () => {
    FakeWorker.started = 0;
    let crash = true;
    const start = () =>
      new FakeWorker((request) =>
        crash ? null : { call: request.call, ok: true, value: [] },
      ) as unknown as Worker;
    const planner = new Planner(start);
    const [a, b] = await Promise.all([planner.parts(1), planner.parts(1)]);
    expect([a, b]).toEqual(
      Array(2).fill({ ok: false, error: { kind: 'workerFailed', message: 'out of memory' } }),
    );
    crash = false;
    expect((await planner.parts(1)).ok).toBe(true);
    expect(FakeWorker.started).toBe(2);
  });
});
