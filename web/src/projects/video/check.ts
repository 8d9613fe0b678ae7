/** What is missing or wrong in a folder of DVD-Video or Blu-ray, found before anything is planned. */
import type { FileSystems } from '../../disc/volume.ts';
import type { DirectoryNode, FileNode } from '../../tree/model.ts';
import type { Player } from '../file/video-section.ts';
import { childNamed, isBdFile, isDvdFile, misspelt } from './names.ts';

/** Without these no image is made: no player would play it. */
export type VideoError =
  | { kind: 'noFolder' | 'noVideoTs' | 'noBdmv' | 'needsBridge' | 'needsUdf' }
  | { kind: 'missing'; path: string }
  | { kind: 'case'; first: string; should: string; count: number }
  | { kind: 'size'; path: string; size: number };

/** With these an image is made, and a player may stumble. */
export type VideoWarning =
  | { kind: 'noAudioTs' | 'noBackupFolder' }
  | { kind: 'noBackup' | 'noVideo' | 'noClip' | 'notInformation' | 'noSet'; path: string }
  | { kind: 'strangers'; first: string; count: number };

export interface Checked {
  readonly errors: readonly VideoError[];
  readonly warnings: readonly VideoWarning[];
}

/** Longest file of a DVD-Video, in bytes: what one short allocation descriptor of UDF reaches. ECMA-167 4/14.14.1. */
const MOST_DVD_FILE = 2 ** 30 - 2048;

/** The player that the contents are for, by their folders at the top. */
export function detect(root: DirectoryNode): Player | null {
  if (childNamed(root, 'VIDEO_TS')?.kind === 'directory') {
    return 'dvd';
  }
  return childNamed(root, 'BDMV')?.kind === 'directory' ? 'bd' : null;
}

export function check(root: DirectoryNode, player: Player | null, systems: FileSystems): Checked {
  if (player === null) {
    return { errors: [{ kind: 'noFolder' }], warnings: [] };
  }
  const folder = childNamed(root, player === 'dvd' ? 'VIDEO_TS' : 'BDMV');
  if (folder?.kind !== 'directory') {
    return { errors: [{ kind: player === 'dvd' ? 'noVideoTs' : 'noBdmv' }], warnings: [] };
  }
  const [wrong] = misspelt(folder, player);
  if (wrong !== undefined) {
    const count = misspelt(folder, player).size;
    return { errors: [{ kind: 'case', first: wrong[0].name, should: wrong[1], count }], warnings: [] };
  }
  const systemErrors = systemsError(player, systems);
  const { errors, warnings } = player === 'dvd' ? checkDvd(root, folder) : checkBd(folder);
  return { errors: [...systemErrors, ...errors], warnings };
}

function systemsError(player: Player, { iso9660, udf }: FileSystems): VideoError[] {
  if (player === 'dvd') {
    return iso9660 && udf ? [] : [{ kind: 'needsBridge' }];
  }
  return udf ? [] : [{ kind: 'needsUdf' }];
}

function checkDvd(root: DirectoryNode, folder: DirectoryNode): Checked {
  const files = [...folder.children.values()].filter((node): node is FileNode => node.kind === 'file');
  const ours = files.filter(({ name }) => isDvdFile(name));
  const has = (name: string): boolean => folder.children.get(name)?.kind === 'file';
  const sets = [...new Set(ours.flatMap(({ name }) => /^VTS_(\d\d)/.exec(name)?.[1] ?? []))].sort();
  const errors: VideoError[] = ['VIDEO_TS', ...sets.map((set) => `VTS_${set}_0`)]
    .filter((name) => !has(`${name}.IFO`))
    .map((name) => ({ kind: 'missing', path: `VIDEO_TS/${name}.IFO` }));
  for (const { name, file } of ours) {
    if (file.size === 0 || file.size > MOST_DVD_FILE) {
      errors.push({ kind: 'size', path: `VIDEO_TS/${name}`, size: file.size });
    }
  }
  const warnings: VideoWarning[] = ['VIDEO_TS', ...sets.map((set) => `VTS_${set}_0`)]
    .filter((name) => has(`${name}.IFO`) && !has(`${name}.BUP`))
    .map((name) => ({ kind: 'noBackup', path: `VIDEO_TS/${name}.BUP` }));
  for (const set of sets.filter((each) => !has(`VTS_${each}_1.VOB`))) {
    warnings.push({ kind: 'noVideo', path: `VIDEO_TS/VTS_${set}_1.VOB` });
  }
  // Players count the title sets from 1 on.
  const gap = sets.findIndex((set, at) => Number(set) !== at + 1);
  if (gap >= 0) {
    warnings.push({ kind: 'noSet', path: `VTS_${String(gap + 1).padStart(2, '0')}` });
  }
  warnings.push(...strangers('VIDEO_TS', folder, (name) => isDvdFile(name)));
  if (root.children.get('AUDIO_TS')?.kind !== 'directory') {
    warnings.push({ kind: 'noAudioTs' });
  }
  return { errors, warnings };
}

function checkBd(folder: DirectoryNode): Checked {
  const within = (name: string): FileNode[] => {
    const found = folder.children.get(name);
    const children = found?.kind === 'directory' ? [...found.children.values()] : [];
    return children.filter((node): node is FileNode => node.kind === 'file');
  };
  const errors: VideoError[] = ['index.bdmv', 'MovieObject.bdmv']
    .filter((name) => folder.children.get(name)?.kind !== 'file')
    .map((name) => ({ kind: 'missing', path: `BDMV/${name}` }));
  const streams = within('STREAM').filter(({ name }) => isBdFile('STREAM', name));
  const clips = new Set(within('CLIPINF').map(({ name }) => name));
  if (streams.length === 0) {
    errors.push({ kind: 'missing', path: 'BDMV/STREAM/00000.m2ts' });
  }
  if (!within('PLAYLIST').some(({ name }) => isBdFile('PLAYLIST', name))) {
    errors.push({ kind: 'missing', path: 'BDMV/PLAYLIST/00000.mpls' });
  }
  const warnings: VideoWarning[] = streams
    .map(({ name }) => name.replace('.m2ts', '.clpi'))
    .filter((clip) => !clips.has(clip))
    .map((clip) => ({ kind: 'noClip', path: `BDMV/CLIPINF/${clip}` }));
  for (const name of ['PLAYLIST', 'CLIPINF', 'STREAM']) {
    const inside = folder.children.get(name);
    if (inside?.kind === 'directory') {
      // Streams of both eyes lie in a folder of their own.
      warnings.push(...strangers(`BDMV/${name}`, inside, (each) => each === 'SSIF' || isBdFile(name, each)));
    }
  }
  if (folder.children.get('BACKUP')?.kind !== 'directory') {
    warnings.push({ kind: 'noBackupFolder' });
  }
  return { errors, warnings };
}

/** What no player looks for. */
function strangers(path: string, folder: DirectoryNode, belongs: (name: string) => boolean): VideoWarning[] {
  const [first, ...others] = [...folder.children.keys()].filter((name) => !belongs(name));
  return first === undefined
    ? []
    : [{ kind: 'strangers', first: `${path}/${first}`, count: others.length + 1 }];
}
