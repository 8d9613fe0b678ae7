/** Looks through the contents of a disc for what machines start: by names and places, and by the length of diskettes. */
import { Slicer } from '../../schedule/slicer.ts';
import type { DirectoryNode, FileNode, TreeNode } from '../../tree/model.ts';
import type { BootEntry, Hybrid, MbrCode, Platform } from '../file/boot-section.ts';
import { beforeTop, codeOf, entryFor, floppyOf, proposedPlatform, rankOf } from './known-images.ts';

/** A file that was found. */
export interface FoundFile {
  readonly node: FileNode;
  readonly path: string;
}

export interface Found {
  /** What is proposed: one image for each platform. */
  readonly entries: readonly BootEntry[];
  /** Files that may be boot images, likely ones first. */
  readonly images: readonly FoundFile[];
  /** Code for a master boot record, likely ones first. */
  readonly codes: readonly FoundFile[];
  /** Programs that UEFI starts from an image of a FAT file system, which is no boot image itself. */
  readonly efiPrograms: readonly FoundFile[];
}

export const NOTHING: Found = { entries: [], images: [], codes: [], efiPrograms: [] };

/** Endings of boot images whose names nobody knows. */
const ENDINGS = new Set(['img', 'ima', 'bin', 'com', 'flp', 'vfd', 'dsk']);
/** More are not listed: who wants another selects it in the contents. */
const MOST_LISTED = 100;

interface Seen extends FoundFile {
  readonly depth: number;
}

/** All that lies below a directory and may start machines. */
export async function findBoot(root: DirectoryNode, signal?: AbortSignal): Promise<Found> {
  const images: Seen[] = [];
  const codes: Seen[] = [];
  const efiPrograms: Seen[] = [];
  for await (const seen of filesBelow(root, new Slicer(signal))) {
    const { name } = seen.node;
    if (codeOf(name) !== null) {
      codes.push(seen);
    } else if (rankOf(name) !== null || ENDINGS.has(endingOf(name))) {
      images.push(seen);
    } else if (/^efi\/boot\/boot[a-z0-9]+\.efi$/i.test(seen.path)) {
      efiPrograms.push(seen);
    }
  }
  images.sort(byLikelihood);
  codes.sort((a, b) => rank(a, codeOf(a.node.name)?.rank) - rank(b, codeOf(b.node.name)?.rank));
  const entries = propose(images);
  return { entries, images: images.slice(0, MOST_LISTED), codes, efiPrograms };
}

/** The directory of what was added that was made to be the top of a disc, unless it is at the top already. */
export async function findTop(added: readonly TreeNode[]): Promise<DirectoryNode | null> {
  const tops = new Set<DirectoryNode | null>();
  for (const node of added) {
    if (node.kind === 'file' || node.parent?.parent !== null) {
      continue;
    }
    const images: Seen[] = [];
    for await (const seen of filesBelow(node, new Slicer(), `${node.name}/`)) {
      if (rankOf(seen.node.name) !== null) {
        images.push(seen);
      }
    }
    images.sort(byLikelihood);
    for (const { image } of propose(images)) {
      tops.add(topOf(node, image));
    }
  }
  const [only] = tops;
  return tops.size === 1 ? (only ?? null) : null;
}

/** The directory that an image below `node` was made to lie in; `null` for the top that it lies at. */
function topOf(node: DirectoryNode, image: string): DirectoryNode | null {
  const [own, ...others] = beforeTop(image.split('/').slice(0, -1));
  let top: DirectoryNode | null = own === undefined ? null : node;
  for (const name of others) {
    const next: TreeNode | undefined = top?.children.get(name);
    top = next?.kind === 'directory' ? next : null;
  }
  return top;
}

/** The likeliest image for each platform. */
function propose(images: readonly Seen[]): BootEntry[] {
  const of = (platform: Platform) =>
    images.find(({ node }) => proposedPlatform(node.name) === platform && node.file.size > 0);
  const bios = of('bios') ?? images.find(isFloppy);
  return [
    ...(bios === undefined ? [] : [entryFor(bios.path, bios.node.file.size, 'bios')]),
    ...entryOf(of('uefi')),
  ];
}

function entryOf(image: Seen | undefined): BootEntry[] {
  return image === undefined ? [] : [entryFor(image.path, image.node.file.size, 'uefi')];
}

/** Whether it is as long as a diskette. Images for UEFI are, too, and say so in their names. */
function isFloppy({ node }: Seen): boolean {
  return rankOf(node.name) === null && floppyOf(node.file.size) !== 'none' && !/efi|esp/i.test(node.name);
}

/** Partition tables for these entries: none where no machine would start from them. */
export function proposeHybrid(entries: readonly BootEntry[], { codes }: Found): Hybrid | null {
  const plain = entries.filter(({ emulation }) => emulation === 'none');
  const bios = plain.find(({ platform }) => platform === 'bios');
  const hasUefi = plain.some(({ platform }) => platform === 'uefi');
  const code = bios === undefined ? null : codeFor(bios, codes);
  if (!hasUefi && code === null) {
    return null;
  }
  return { table: hasUefi ? 'both' : 'mbr', code, systemPartition: 'inPlace' };
}

/** The code that starts the loader of an entry. */
function codeFor({ image, grub2Pointer }: BootEntry, codes: readonly FoundFile[]): MbrCode | null {
  const isIsolinux = /(^|\/)isolinux[^/]*\.bin$/i.test(image);
  for (const { node, path } of codes) {
    const loader = codeOf(node.name)?.loader;
    if ((loader === 'isolinux' && isIsolinux) || (loader === 'grub2' && grub2Pointer)) {
      return { loader, path };
    }
  }
  return null;
}

function byLikelihood(a: Seen, b: Seen): number {
  return rank(a, rankOf(a.node.name)) - rank(b, rankOf(b.node.name)) || (a.path < b.path ? -1 : 1);
}

/** Known names before others, those less deep first. */
function rank({ depth }: Seen, ofName: number | null | undefined): number {
  return (ofName ?? 1000) * 1000 + depth;
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

async function* filesBelow(root: DirectoryNode, slicer: Slicer, prefix = ''): AsyncGenerator<Seen> {
  const open: { directory: DirectoryNode; prefix: string; depth: number }[] = [
    { directory: root, prefix, depth: 0 },
  ];
  for (let level = open.pop(); level !== undefined; level = open.pop()) {
    for (const node of level.directory.children.values()) {
      const path = level.prefix + node.name;
      if (node.kind === 'directory') {
        open.push({ directory: node, prefix: `${path}/`, depth: level.depth + 1 });
      } else {
        yield { node, path, depth: level.depth };
      }
      if (slicer.due) {
        await slicer.turn();
      }
    }
  }
}
