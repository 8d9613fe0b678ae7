/** What stands on the paper in the case of a disc. */
import { language } from '../strings/strings.ts';
import type { DirectoryNode, TreeNode } from '../tree/model.ts';
import { BY_NAME, comparing } from '../tree/order.ts';

/** Levels of folders that are listed, and lines at most: more fits on no paper that belongs in a case. */
export const LEVELS = 3;
const MOST_LINES = 1500;

export interface OutlineLine {
  /** 0 for what lies at the top. */
  readonly depth: number;
  readonly name: string;
  readonly folder: boolean;
  readonly size: number;
  /** Files in a folder, at any depth; 1 for a file. */
  readonly files: number;
}

/** The contents of a disc, down to some levels. */
export interface Outline {
  readonly lines: readonly OutlineLine[];
  /** Lines that were left out. */
  readonly more: number;
}

export interface Inlay {
  readonly title: string;
  readonly volume: string;
  readonly medium: string;
  /** When it was burned, in milliseconds since 1970. */
  readonly date: number;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly outline: Outline;
}

/** Folders before files, each by name, as people look for them. */
function sorted(directory: DirectoryNode): TreeNode[] {
  return [...directory.children.values()].sort(comparing({ ...BY_NAME, language: language.tag }));
}

export function outlineOf(root: DirectoryNode, levels = LEVELS, most = MOST_LINES): Outline {
  const lines: OutlineLine[] = [];
  let more = 0;
  const open: [TreeNode, depth: number][] = [];
  const push = (directory: DirectoryNode, depth: number): void => {
    for (const node of sorted(directory).reverse()) {
      open.push([node, depth]);
    }
  };
  push(root, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    const folder = node.kind === 'directory';
    if (lines.length >= most) {
      more += 1;
      continue;
    }
    lines.push({
      depth,
      name: node.name,
      folder,
      size: folder ? node.size : node.file.size,
      files: folder ? node.files : 1,
    });
    if (folder && depth + 1 < levels) {
      push(node, depth + 1);
    }
  }
  return { lines, more };
}

export interface InlayWords {
  readonly volume: string;
  readonly medium: string;
  readonly date: string;
  readonly size: string;
  readonly checksum: string;
  readonly more: (n: number) => string;
}

interface Format {
  readonly bytes: (value: number) => string;
  readonly date: (time: number) => string;
}

/** The same as plain text. */
export function inlayText(inlay: Inlay, words: InlayWords, format: Format): string {
  const { outline, sha256 } = inlay;
  const facts: [string, string][] = [
    [words.volume, inlay.volume],
    [words.medium, inlay.medium],
    [words.date, format.date(inlay.date)],
    [words.size, format.bytes(inlay.sizeBytes)],
    ...(sha256 === null ? [] : ([[words.checksum, sha256]] as [string, string][])),
  ];
  const contents = outline.lines.map(
    ({ depth, name, folder, size }) =>
      `${'  '.repeat(depth)}${name}${folder ? '/' : ''}  ${format.bytes(size)}`,
  );
  return [
    inlay.title,
    '',
    ...facts.map(([name, value]) => `${name}: ${value}`),
    '',
    ...contents,
    ...(outline.more > 0 ? [words.more(outline.more)] : []),
    '',
  ].join('\n');
}
