import { expect, test } from 'vitest';
import type { FileSystems } from '../disc/volume.ts';
import type { ImageWarning } from '../planner/messages.ts';
import { adviceFor, otherWarnings, SYSTEMS, type Advice, type SystemId } from './advice.ts';

const ALL: FileSystems = { iso9660: true, joliet: true, rockRidge: true, udf: true };
const NONE: FileSystems = { iso9660: false, joliet: false, rockRidge: false, udf: false };

function warning(kind: string, reader?: string): ImageWarning {
  return { kind, message: kind, hint: '', ...(reader === undefined ? {} : { reader }) };
}

const NEW_UDF = [warning('newUdf', 'set-top players'), warning('newUdf', 'Windows XP and earlier')];

function of(system: SystemId, advice: readonly Advice[]): Advice | undefined {
  return advice.find((each) => each.system === system);
}

test('a plain disc with all file systems is read by all', () => {
  const advice = adviceFor(ALL, []);
  expect(advice.map(({ system }) => system)).toEqual(SYSTEMS);
  expect(new Set(advice.map(({ verdict }) => verdict))).toEqual(new Set(['reads']));
});

test('large files without UDF are cut on macOS, and a click mends that', () => {
  const several = [warning('severalExtents', 'macOS')];
  expect(of('macos', adviceFor({ ...ALL, udf: false }, several))).toEqual({
    system: 'macos',
    verdict: 'partly',
    reasons: ['largeFiles'],
    turnOn: 'udf',
  });
  expect(of('macos', adviceFor(ALL, several))?.verdict).toBe('reads');
});

test('a new UDF alone is not read by old systems; with ISO 9660 beside it, it is', () => {
  const alone = adviceFor({ ...NONE, udf: true }, NEW_UDF);
  expect(alone.map(({ system, verdict }) => `${system} ${verdict}`)).toEqual([
    'windows reads',
    'windowsXp no',
    'macos reads',
    'linux reads',
    'players no',
    'old no',
  ]);
  expect([of('windowsXp', alone)?.turnOn, of('players', alone)?.turnOn]).toEqual(['joliet', 'iso9660']);
  const beside = adviceFor(ALL, NEW_UDF);
  expect(beside.every(({ verdict }) => verdict === 'reads')).toBe(true);
});

test('ISO 9660 alone has short names', () => {
  const advice = adviceFor({ ...NONE, iso9660: true }, []);
  expect(advice.map(({ reasons, turnOn }) => `${reasons.join()} ${turnOn ?? '-'}`)).toEqual([
    'shortNames joliet',
    'shortNames joliet',
    'shortNames joliet',
    'shortNames rockRidge',
    ' -',
    ' -',
  ]);
});

test('names and depths are told of those who mind', () => {
  const advice = adviceFor(ALL, [
    warning('notForWindows', 'Windows'),
    warning('unopenedPath', 'macOS'),
    warning('deepDirectory'),
  ]);
  expect(advice.map(({ reasons }) => reasons.join())).toEqual([
    'names',
    'names',
    'longPaths',
    '',
    'deep',
    'deep',
  ]);
  expect(otherWarnings([...NEW_UDF, warning('deepDirectory')]).map(({ kind }) => kind)).toEqual([
    'deepDirectory',
  ]);
});
