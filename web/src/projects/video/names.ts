/** Names that players look for, exactly as they are: DVD-Video in capitals, Blu-ray in both cases. */
import type { DirectoryNode, TreeNode } from '../../tree/model.ts';

/** `VIDEO_TS.IFO`, `VTS_01_0.IFO`, `VTS_01_1.VOB` and the like. */
const DVD_FILE = /^(VIDEO_TS\.(IFO|BUP|VOB)|VTS_(?!00)\d\d_(0\.(IFO|BUP|VOB)|[1-9]\.VOB))$/;

export function isDvdFile(name: string): boolean {
  return DVD_FILE.test(name);
}

/** Folders and files of fixed names within `BDMV`. */
const BD_NAMES = [
  'index.bdmv',
  'MovieObject.bdmv',
  'sound.bdmv',
  'PLAYLIST',
  'CLIPINF',
  'STREAM',
  'SSIF',
  'AUXDATA',
  'META',
  'BDJO',
  'JAR',
  'BACKUP',
];
/** Files with numbers for names, by the folder they are in. */
const BD_FILES: Readonly<Record<string, RegExp>> = {
  PLAYLIST: /^\d{5}\.mpls$/,
  CLIPINF: /^\d{5}\.clpi$/,
  STREAM: /^\d{5}\.m2ts$/,
};

/** Whether a file of this name belongs in a folder of `BDMV`; any name does where nothing is prescribed. */
export function isBdFile(folder: string, name: string): boolean {
  return BD_FILES[folder]?.test(name) ?? true;
}

/** A child by its name, whatever its case. */
export function childNamed(directory: DirectoryNode, name: string): TreeNode | undefined {
  const exact = directory.children.get(name);
  return (
    exact ?? [...directory.children.values()].find((child) => child.name.toUpperCase() === name.toUpperCase())
  );
}

/** Names that differ from what a player looks for in nothing but their case, and what they should be. */
export function misspelt(folder: DirectoryNode, player: 'dvd' | 'bd'): Map<TreeNode, string> {
  const wrong = new Map<TreeNode, string>();
  const note = (node: TreeNode, name: string): void => {
    if (node.name !== name) {
      wrong.set(node, name);
    }
  };
  note(folder, player === 'dvd' ? 'VIDEO_TS' : 'BDMV');
  for (const child of folder.children.values()) {
    if (player === 'dvd') {
      note(child, isDvdFile(child.name.toUpperCase()) ? child.name.toUpperCase() : child.name);
      continue;
    }
    const known = BD_NAMES.find((name) => name.toLowerCase() === child.name.toLowerCase());
    note(child, known ?? child.name);
    for (const file of known === undefined || child.kind === 'file' ? [] : child.children.values()) {
      const lower = file.name.toLowerCase();
      note(file, known !== undefined && known in BD_FILES && isBdFile(known, lower) ? lower : file.name);
    }
  }
  return wrong;
}
