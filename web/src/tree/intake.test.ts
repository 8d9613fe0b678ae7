import { expect, test } from 'vitest';
import { addGiven } from './intake.ts';
import { ContentTree, pathOf, type DirectoryNode } from './model.ts';

function listing(directory: DirectoryNode): string[] {
  return [...directory.children.values()].flatMap((node) =>
    node.kind === 'directory' ? [`${pathOf(node)}/`, ...listing(node)] : [pathOf(node)],
  );
}

/** A file system entry as a browser's drop gives it, handing out its children in batches of two. */
function fakeDirectory(name: string, children: FileSystemEntry[]): FileSystemEntry {
  const createReader = () => {
    let at = 0;
    return {
      readEntries: (give: (entries: FileSystemEntry[]) => void) => {
        give(children.slice(at, (at += 2)));
      },
    };
  };
  return { name, isDirectory: true, isFile: false, createReader } as unknown as FileSystemEntry;
}

function fakeFile(name: string, readable = true): FileSystemEntry {
  const file = (give: (file: File) => void, refuse: (error: DOMException) => void) => {
    if (readable) {
      give(new File(['abc'], name));
    } else {
      refuse(new DOMException('no', 'NotReadableError'));
    }
  };
  return { name, isDirectory: false, isFile: true, file } as unknown as FileSystemEntry;
}

function picked(path: string): File {
  const file = new File(['abc'], path.slice(path.lastIndexOf('/') + 1));
  Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return file;
}

test('a dropped folder keeps every level, every batch and the empty folder', async () => {
  const tree = new ContentTree();
  const inner = fakeDirectory('inner', [
    fakeFile('1'),
    fakeFile('2'),
    fakeFile('3'),
    fakeFile('4'),
    fakeFile('5'),
  ]);
  const top = fakeDirectory('top', [inner, fakeDirectory('empty', []), fakeFile('😀.txt')]);
  const report = await addGiven(tree, tree.root, { entries: [top], files: [] });
  expect(listing(tree.root).sort()).toEqual(
    [
      'top/',
      'top/empty/',
      'top/inner/',
      ...[1, 2, 3, 4, 5].map((n) => `top/inner/${n}`),
      'top/😀.txt',
    ].sort(),
  );
  expect([report.files, report.directories, tree.root.size]).toEqual([6, 3, 18]);
  expect(report.added.map((node) => node.name)).toEqual(['top']);
});

test('a file the browser may not read is named and the rest is added', async () => {
  const tree = new ContentTree();
  const top = fakeDirectory('top', [fakeFile('bad', false), fakeFile('good')]);
  const report = await addGiven(tree, tree.root, { entries: [top], files: [] });
  expect(report.unreadable).toEqual(['top/bad']);
  expect(listing(tree.root)).toEqual(['top/', 'top/good']);
  expect([report.files, report.directories]).toEqual([1, 1]);
});

test('a folder the browser may not list is named, and is not there as an empty one', async () => {
  const tree = new ContentTree();
  const createReader = () => ({
    readEntries: (_: unknown, refuse: (error: DOMException) => void) => {
      refuse(new DOMException('no', 'NotReadableError'));
    },
  });
  const bad = { name: 'bad', isDirectory: true, isFile: false, createReader } as unknown as FileSystemEntry;
  const top = fakeDirectory('top', [bad, fakeFile('good')]);
  const report = await addGiven(tree, tree.root, { entries: [top, bad], files: [] });
  expect(report.unreadable.sort()).toEqual(['bad', 'top/bad']);
  expect(listing(tree.root)).toEqual(['top/', 'top/good']);
  expect([report.files, report.directories]).toEqual([1, 1]);
  expect(report.added.map((node) => node.name)).toEqual(['top']);
});

test('picked folders keep their paths, picked files their names', async () => {
  const tree = new ContentTree();
  const report = await addGiven(tree, tree.root, {
    entries: [],
    files: [picked('a/b/c.txt'), picked('a/d.txt'), picked('e.txt')],
  });
  expect(listing(tree.root).sort()).toEqual(['a/', 'a/b/', 'a/b/c.txt', 'a/d.txt', 'e.txt']);
  expect(report.directories).toBe(2);
});

test('a cancelled intake stops and keeps what it has', async () => {
  const tree = new ContentTree();
  const abort = new AbortController();
  // Real ones take Node.js a quarter of a millisecond each.
  const files = Array.from({ length: 20_000 }, (_, n) => {
    return { name: `${n}`, webkitRelativePath: `a/${n}`, size: 3, lastModified: n } as File;
  });
  const running = addGiven(
    tree,
    tree.root,
    { entries: [], files },
    {
      signal: abort.signal,
      onProgress: () => {
        abort.abort();
      },
    },
  );
  await expect(running).rejects.toThrow();
  expect(tree.root.files).toBeGreaterThan(0);
  expect(tree.root.files).toBeLessThan(20_000);
});
