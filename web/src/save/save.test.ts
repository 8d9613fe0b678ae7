import { describe, expect, test } from 'vitest';
import {
  copyImage,
  imageFileName,
  nameOf,
  orNothing,
  type ByteStream,
  type SaveError,
  type Sink,
} from './save.ts';
import { areReadable, firstUnreadable } from './unreadable.ts';

class MemorySink implements Sink {
  written: number[] = [];
  state: 'open' | 'closed' | 'aborted' = 'open';

  constructor(private readonly room = Infinity) {}

  write(data: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.written.length + data.length > this.room) {
      return Promise.reject(new DOMException('full', 'QuotaExceededError'));
    }
    this.written.push(...data);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = 'closed';
    return Promise.resolve();
  }

  abort(): Promise<void> {
    this.state = 'aborted';
    return Promise.resolve();
  }
}

/** A blob whose stream breaks after some bytes, as one over a file that was changed does. */
function breaking(after: number, size: number): Blob {
  const stream = () =>
    new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(after));
        controller.error(new DOMException('changed', 'NotReadableError'));
      },
    });
  return { size, stream } as unknown as Blob;
}

function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => (error as SaveError).failure,
  );
}

function copy(
  image: Pick<Blob, 'size' | 'stream'>,
  sink: Sink,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return copyImage(image.size, [image.stream()], sink, onProgress, signal);
}

const never = new AbortController().signal;

describe('copyImage', () => {
  test('copies every byte and closes', async () => {
    const sink = new MemorySink();
    const progress: number[] = [];
    await copy(new Blob([Uint8Array.from([1, 2, 3])]), sink, (done) => progress.push(done), never);
    expect([sink.written, sink.state, progress.at(-1)]).toEqual([[1, 2, 3], 'closed', 3]);
  });

  test('a full disk is told as such and leaves nothing', async () => {
    const sink = new MemorySink(2);
    expect(await failure(copy(new Blob(['abc']), sink, () => undefined, never))).toEqual({
      kind: 'full',
    });
    expect(sink.state).toBe('aborted');
  });

  test('a file that broke off is told with its place, and leaves nothing', async () => {
    const sink = new MemorySink();
    const told = await failure(copy(breaking(10, 20), sink, () => undefined, never));
    expect(told).toMatchObject({ kind: 'read' });
    expect(sink.state).toBe('aborted');
  });

  test('an image that ends early is not taken for a whole one', async () => {
    const short = { size: 5, stream: () => new Blob(['abc']).stream() } as unknown as Blob;
    const sink = new MemorySink();
    expect(await failure(copy(short, sink, () => undefined, never))).toEqual({
      kind: 'read',
      offset: 3,
    });
    expect(sink.state).toBe('aborted');
  });

  test('streams are copied one after the other, and what their giver throws is passed on', async () => {
    const sink = new MemorySink();
    const streams = () => ['ab', '', 'c'].map((text) => new Blob([text]).stream());
    await copyImage(3, streams(), sink, () => undefined, never);
    expect([sink.written, sink.state]).toEqual([[97, 98, 99], 'closed']);

    async function* broken(): AsyncGenerator<ByteStream> {
      yield await Promise.resolve(new Blob(['ab']).stream());
      throw new Error('a file has changed');
    }
    const other = new MemorySink();
    await expect(copyImage(3, broken(), other, () => undefined, never)).rejects.toThrow('a file has changed');
    expect([other.written, other.state]).toEqual([[97, 98], 'aborted']);
  });

  test('cancelling leaves nothing', async () => {
    const abort = new AbortController();
    abort.abort();
    const sink = new MemorySink();
    expect(await failure(copy(new Blob(['abc']), sink, () => undefined, abort.signal))).toEqual({
      kind: 'cancelled',
    });
    expect(sink.state).toBe('aborted');
  });
});

test.each([
  ['Holiday 2026', 'Holiday 2026.iso'],
  ['a/b:c', 'a_b_c.iso'],
  ['...', 'disc.iso'],
  ['', 'disc.iso'],
  ['Fotos 😀', 'Fotos 😀.iso'],
])('imageFileName(%j) is %j', (volume, name) => {
  expect(imageFileName(volume)).toBe(name);
});

test('the first unreadable file is found among many', async () => {
  // A file that was cut short since: it claims bytes that reading does not give.
  const cut = (n: number) => Object.defineProperty(new File(['abc'], `${n}`), 'size', { value: 9 });
  const files = Array.from({ length: 400 }, (_, n) =>
    n === 270 || n === 390 ? cut(n) : new File(['abc'], `${n}`),
  );
  const indices = files.map((_, n) => n);
  expect(await firstUnreadable(indices, (n) => Promise.resolve(files[n]!))).toBe(270);
  expect(await firstUnreadable(indices.slice(0, 270), (n) => Promise.resolve(files[n]!))).toBeNull();
  expect(await areReadable([new File([], 'empty')])).toBe(true);
});

test('nothing is left of a save that fails but a file that was there before', async () => {
  const removed: string[] = [];
  const target = (name: string, size: number) => {
    const handle = {
      name,
      getFile: () => Promise.resolve(new File([new Uint8Array(size)], name)),
      remove: () => Promise.resolve(removed.push(name)),
    };
    return { kind: 'file', handle: handle as unknown as FileSystemFileHandle } as const;
  };
  const fail = () => Promise.reject(new Error('cancelled'));
  await expect(orNothing(target('new', 0), fail)).rejects.toThrow('cancelled');
  await expect(orNothing(target('old', 7), fail)).rejects.toThrow('cancelled');
  await expect(orNothing({ kind: 'download', name: 'new' }, fail)).rejects.toThrow('cancelled');
  expect(await orNothing(target('saved', 0), () => Promise.resolve('done'))).toBe('done');
  expect(removed).toEqual(['new']);
});

test('a file is called as the user called it', () => {
  const handle = { name: 'mine.iso' } as FileSystemFileHandle;
  expect(nameOf({ kind: 'file', handle })).toBe('mine.iso');
  expect(nameOf({ kind: 'download', name: 'disc.iso' })).toBe('disc.iso');
});
