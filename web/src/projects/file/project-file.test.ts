import { describe, expect, test } from 'vitest';
import { asDiscSettings } from '../../disc/settings.ts';
import { Origins } from '../../store/origins.ts';
import { TreeKeeper } from '../../store/tree-pieces.ts';
import { RANGES, type Details } from '../../tree/details.ts';
import { ContentTree } from '../../tree/model.ts';
import { entriesOf, keptFrom } from './exchange.ts';
import { ProjectFileError, readProjectFile, writeProjectFile, type ProjectFile } from './project-file.ts';

const PROJECT: ProjectFile = {
  kind: 'data',
  name: 'Summer',
  volumeId: 'SUMMER',
  created: 1_600_000_000_000,
  medium: 'dvd',
  fileSystems: { iso9660: true, joliet: true, rockRidge: false, udf: true },
  options: { isoLevel: 3 },
  entries: [
    { kind: 'directory', path: 'photos' },
    { kind: 'file', path: 'photos/ü.jpg', source: 'DCIM/1.jpg', size: 7, modified: 1_600_000_000_123 },
  ],
};

const TEXT = await writeProjectFile(PROJECT).text();

function problemOf(text: string): unknown {
  try {
    readProjectFile(text);
  } catch (error) {
    return error instanceof ProjectFileError ? error.problem : error;
  }
  return null;
}

/** The file with something else at a place. */
function changed(change: (file: Record<string, unknown>) => void): string {
  const file = JSON.parse(TEXT) as Record<string, unknown>;
  change(file);
  return JSON.stringify(file);
}

describe('a project file', () => {
  test('is read as it was written', () => {
    expect(readProjectFile(TEXT)).toEqual(PROJECT);
  });

  test('with many entries, or none, too', async () => {
    for (const count of [0, 1, 5000, 12_001]) {
      const entries = Array.from({ length: count }, (_, n) => ({
        kind: 'directory' as const,
        path: `d${n}`,
      }));
      const text = await writeProjectFile({ ...PROJECT, entries }).text();
      expect(readProjectFile(text).entries).toEqual(entries);
    }
  });

  test('that is no JSON, or something else, is told apart from one that is damaged', () => {
    expect(problemOf(TEXT.slice(0, 200))).toEqual({ kind: 'notJson' });
    expect(problemOf('[]')).toEqual({ kind: 'notAProject' });
    expect(problemOf('{"format":"another"}')).toEqual({ kind: 'notAProject' });
  });

  test('of a newer version is not guessed at', () => {
    expect(problemOf(changed((file) => (file['version'] = 2)))).toEqual({ kind: 'newer', version: 2 });
  });

  test.each<[string, (file: Record<string, unknown>) => void]>([
    ['version', (file) => (file['version'] = 'one')],
    ['volumeId', (file) => delete file['volumeId']],
    ['created', (file) => (file['created'] = 'yesterday')],
    ['medium', (file) => (file['medium'] = 'floppy')],
    ['fileSystems', (file) => (file['fileSystems'] = { udf: true })],
    ['options.isoLevel', (file) => (file['options'] = { isoLevel: 9 })],
    ['options.udfRevision', (file) => (file['options'] = { isoLevel: 3, udfRevision: '3.00' })],
    ['entries', (file) => (file['entries'] = {})],
    ['entries[0].kind', (file) => (file['entries'] = [{ path: 'a', kind: 'pipe' }])],
    ['entries[0].path', (file) => (file['entries'] = [{ path: '../a', kind: 'directory' }])],
    ['entries[0].source', (file) => (file['entries'] = [{ path: 'a', kind: 'file', source: '/etc/passwd' }])],
    ['entries[0].size', (file) => (file['entries'] = [{ path: 'a', kind: 'file', source: 'a', size: -1 }])],
  ])('with a wrong %s says so', (where, change) => {
    expect(problemOf(changed(change))).toEqual({ kind: 'damaged', where });
  });
});

/** All that can be said of an entry. */
const SAID: Required<Details> = {
  modified: -1,
  created: 1_500_000_000_001,
  hiddenIn: ['iso9660', 'udf'],
  hidden: true,
  mode: 0o4750,
  uid: RANGES.uid[1],
  gid: 0,
  weight: -5,
  streams: [
    { name: 'note', file: { size: 4, lastModified: 1_600_000_000_124 } },
    { name: 'ü map', file: { size: 5, lastModified: -2 } },
  ],
};
/** The same in a file. The streams came from nowhere in particular, and so are called as they are. */
const SAID_IN_FILE = {
  ...SAID,
  streams: [
    { name: 'note', source: 'note', size: 4, modified: 1_600_000_000_124 },
    { name: 'ü map', source: 'ü map', size: 5, modified: -2 },
  ],
};
const STREAM = SAID_IN_FILE.streams[0];

function withDetails(details: unknown): string {
  return changed((file) => (file['entries'] = [{ path: 'a', kind: 'directory', details }]));
}

describe('what was said of an entry', () => {
  test('is in the file, and in the project that comes of it', async () => {
    const tree = new ContentTree();
    const folder = tree.addDirectory(tree.root, 'folder');
    const { node } = tree.addFile(folder, 'a', { size: 1, lastModified: 2 });
    folder.details = { mode: 0o700 };
    node.details = SAID;
    const entries = await entriesOf(tree, new Origins());
    expect(entries.map(({ details }) => details)).toEqual([{ mode: 0o700 }, SAID_IN_FILE]);

    const read = readProjectFile(
      await writeProjectFile({ ...PROJECT, options: { isoLevel: 2, udfRevision: '2.01' }, entries }).text(),
    );
    expect(read.entries).toEqual(entries);
    const kept = await keptFrom(read, 'data');
    const back = new ContentTree();
    const origins = new Origins();
    new TreeKeeper(origins).restore(back, kept.pieces, true);
    expect(await entriesOf(back, origins)).toEqual(entries);
    expect(asDiscSettings(kept.header.settings), 'the image is that of the command line').toMatchObject({
      isoLevel: 2,
      udfRevision: '2.01',
    });
    expect(kept.roots.map(({ number, name }) => [number, name])).toEqual([
      [1, 'folder'],
      [2, 'note'],
      [3, 'ü map'],
    ]);
  });

  test.each<[string, unknown]>([
    ['details', 7],
    ['details.colour', { colour: 1 }],
    ['details.boot', { boot: { platform: 'bios', emulation: 'none' } }],
    ['details.modified', { modified: 0.5 }],
    ['details.created', { created: 8.64e15 + 1 }],
    ['details.created', { created: null }],
    ['details.hidden', { hidden: 1 }],
    ['details.hiddenIn', { hiddenIn: 'udf' }],
    ['details.hiddenIn', { hiddenIn: ['rockRidge'] }],
    ['details.mode', { mode: 0o10000 }],
    ['details.mode', { mode: '755' }],
    ['details.uid', { uid: -1 }],
    ['details.gid', { gid: 0xffff_ffff }],
    ['details.weight', { weight: -(2 ** 31) }],
    ['details.weight', { weight: 2 ** 31 }],
    ['details.streams', { streams: STREAM }],
    ['details.streams[0].name', { streams: [{ ...STREAM, name: 'a/b' }] }],
    ['details.streams[1].name', { streams: [STREAM, STREAM] }],
    ['details.streams[0].source', { streams: [{ ...STREAM, source: '../a' }] }],
    ['details.streams[0].size', { streams: [{ ...STREAM, size: -1 }] }],
    ['details.streams[0].modified', { streams: [{ ...STREAM, modified: 8.64e15 + 1 }] }],
    ['details.streams[0].colour', { streams: [{ ...STREAM, colour: 1 }] }],
  ])('with a wrong %s is refused: %o', (where, details) => {
    expect(problemOf(withDetails(details))).toEqual({ kind: 'damaged', where: `entries[0].${where}` });
  });

  test('may be at the ends of its range', () => {
    for (const [key, range] of Object.entries(RANGES)) {
      for (const value of range) {
        expect(readProjectFile(withDetails({ [key]: value })).entries[0]?.details).toEqual({ [key]: value });
      }
    }
  });
});
