import { describe, expect, test } from 'vitest';
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
    ['entries', (file) => (file['entries'] = {})],
    ['entries[0].kind', (file) => (file['entries'] = [{ path: 'a', kind: 'pipe' }])],
    ['entries[0].path', (file) => (file['entries'] = [{ path: '../a', kind: 'directory' }])],
    ['entries[0].source', (file) => (file['entries'] = [{ path: 'a', kind: 'file', source: '/etc/passwd' }])],
    ['entries[0].size', (file) => (file['entries'] = [{ path: 'a', kind: 'file', source: 'a', size: -1 }])],
  ])('with a wrong %s says so', (where, change) => {
    expect(problemOf(changed(change))).toEqual({ kind: 'damaged', where });
  });
});
