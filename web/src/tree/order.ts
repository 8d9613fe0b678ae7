import { modifiedOf, sizeOf, type DirectoryNode, type TreeNode } from './model.ts';

export type SortKey = 'name' | 'modified' | 'size' | 'kind';

/** How the children of every directory are sorted. Directories come first either way. */
export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
  /** Whose alphabet names follow, as a BCP 47 tag. Left out: the browser's. */
  readonly language?: string;
}

export const BY_NAME: Sorting = { key: 'name', descending: false };

const collators = new Map<string | undefined, Intl.Collator>();

/** One for each language: making it costs as much as comparing many names. */
function collatorOf(language: string | undefined): Intl.Collator {
  const known = collators.get(language);
  if (known !== undefined) {
    return known;
  }
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'variant' });
  collators.set(language, collator);
  return collator;
}

/** The extension of a file's name, without its dot and in lower case; empty where there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/** Unknown times come before all known ones. */
function timeOf(node: TreeNode): number {
  const time = modifiedOf(node);
  return Number.isNaN(time) ? -Infinity : time;
}

/** -1, 0 or 1, where a difference of two infinite times would be none. */
function byNumber(a: number, b: number): number {
  return Number(a > b) - Number(a < b);
}

const COMPARE: Record<SortKey, (a: TreeNode, b: TreeNode, collator: Intl.Collator) => number> = {
  name: () => 0,
  size: (a, b) => byNumber(sizeOf(a), sizeOf(b)),
  modified: (a, b) => byNumber(timeOf(a), timeOf(b)),
  kind: (a, b, collator) =>
    a.kind === 'file' ? collator.compare(extensionOf(a.name), extensionOf(b.name)) : 0,
};

/** Compares two children of a directory: directories first, then as wanted, then by name. */
export function comparing({ key, descending, language }: Sorting): (a: TreeNode, b: TreeNode) => number {
  const compare = COMPARE[key];
  const collator = collatorOf(language);
  const sign = descending ? -1 : 1;
  return (a, b) => {
    if (a.kind !== b.kind) {
      return a.kind === 'directory' ? -1 : 1;
    }
    return sign * (compare(a, b, collator) || collator.compare(a.name, b.name));
  };
}

/** The name of a way of sorting, to tell whether an order was made by it. */
export function sortingName({ key, descending, language = '' }: Sorting): string {
  return `${descending ? '-' : ''}${key} ${language}`;
}

/** The revision of all that this way of sorting looks at in a directory. */
export function revisionFor(directory: DirectoryNode, { key }: Sorting): number {
  return key === 'name' || key === 'kind' ? directory.listed : directory.touched;
}
