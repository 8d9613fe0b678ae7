import { describe, expect, test } from 'vitest';
import { ContentTree, type DirectoryNode } from '../../tree/model.ts';
import { check, detect } from './check.ts';

const DVD = ['VIDEO_TS.IFO', 'VIDEO_TS.BUP', 'VTS_01_0.IFO', 'VTS_01_0.BUP', 'VTS_01_1.VOB'].map(
  (name) => `VIDEO_TS/${name}`,
);
const BD = [
  'index.bdmv',
  'MovieObject.bdmv',
  'PLAYLIST/00000.mpls',
  'CLIPINF/00000.clpi',
  'STREAM/00000.m2ts',
  'BACKUP/index.bdmv',
].map((name) => `BDMV/${name}`);
const ALL = { iso9660: true, joliet: true, rockRidge: true, udf: true };

function rootOf(paths: readonly string[], size = 2048): DirectoryNode {
  const tree = new ContentTree();
  for (const path of paths) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    const parent = names.reduce((at, each) => tree.addDirectory(at, each), tree.root);
    if (name !== '') {
      tree.addFile(parent, name, { size, lastModified: 0 });
    }
  }
  return tree.root;
}

function kindsOf(paths: readonly string[], player: 'dvd' | 'bd', systems = ALL, size = 2048): string[] {
  const { errors, warnings } = check(rootOf(paths, size), player, systems);
  return [...errors, ...warnings].map((found) =>
    'path' in found ? `${found.kind} ${found.path}` : found.kind,
  );
}

describe('a folder for DVD players', () => {
  const whole = [...DVD, 'AUDIO_TS/'];
  const without = (path: string) => whole.filter((each) => each !== `VIDEO_TS/${path}`);

  test('that is whole has nothing wrong', () => {
    expect(detect(rootOf(whole))).toBe('dvd');
    expect(kindsOf(whole, 'dvd')).toEqual([]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['no folder', ['a.txt'], ['noVideoTs']],
    ['no menu', without('VIDEO_TS.IFO'), ['missing VIDEO_TS/VIDEO_TS.IFO']],
    ['no information', without('VTS_01_0.IFO'), ['missing VIDEO_TS/VTS_01_0.IFO']],
    ['no backup', without('VIDEO_TS.BUP'), ['noBackup VIDEO_TS/VIDEO_TS.BUP']],
    ['no film', without('VTS_01_1.VOB'), ['noVideo VIDEO_TS/VTS_01_1.VOB']],
    [
      'a gap',
      [...whole, 'VIDEO_TS/VTS_03_0.IFO', 'VIDEO_TS/VTS_03_0.BUP', 'VIDEO_TS/VTS_03_1.VOB'],
      ['noSet VTS_02'],
    ],
    ['another file', [...whole, 'VIDEO_TS/Thumbs.db'], ['strangers']],
    ['small letters', ['video_ts/video_ts.ifo'], ['case']],
    ['no AUDIO_TS', DVD, ['noAudioTs']],
  ])('%s', (_, paths, expected) => {
    expect(kindsOf(paths, 'dvd')).toEqual(expected);
  });

  test('needs ISO 9660 and UDF, and files of up to 1 GB', () => {
    expect(kindsOf(whole, 'dvd', { ...ALL, iso9660: false })).toEqual(['needsBridge']);
    expect(kindsOf(whole, 'dvd', ALL, 2 ** 30)).toHaveLength(DVD.length);
    expect(kindsOf(whole, 'dvd', ALL, 0)[0]).toBe('size VIDEO_TS/VIDEO_TS.IFO');
  });
});

describe('a folder for Blu-ray players', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['whole', BD, []],
    ['no index', BD.slice(1), ['missing BDMV/index.bdmv']],
    ['no clip', BD.filter((path) => !path.includes('CLIPINF')), ['noClip BDMV/CLIPINF/00000.clpi']],
    ['no stream', BD.filter((path) => !path.includes('STREAM')), ['missing BDMV/STREAM/00000.m2ts']],
    ['no backup', BD.slice(0, -1), ['noBackupFolder']],
    ['another name', [...BD, 'BDMV/STREAM/film.m2ts'], ['strangers']],
    ['capitals', BD.map((path) => path.toUpperCase()), ['case']],
    ['no folder', ['a.txt'], ['noBdmv']],
  ])('%s', (_, paths, expected) => {
    expect(kindsOf(paths, 'bd')).toEqual(expected);
  });

  test('needs UDF', () => {
    expect(kindsOf(BD, 'bd', { ...ALL, udf: false })).toEqual(['needsUdf']);
    expect(detect(rootOf(BD))).toBe('bd');
    expect(detect(rootOf(['BDMV']))).toBeNull();
  });
});
