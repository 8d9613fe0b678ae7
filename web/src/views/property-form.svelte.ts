import { RANGES, type Details, type DetailsPatch } from '../tree/details.ts';
import { modifiedOf, type TreeNode } from '../tree/model.ts';
import type { NamedStream } from '../tree/streams.ts';

/** What several nodes have in common: one value, or that they differ. */
export type Shared<T> = { readonly same: true; readonly value: T } | { readonly same: false };

function sharedBy<T>(nodes: readonly TreeNode[], valueOf: (node: TreeNode) => T): Shared<T> {
  const [first, ...others] = nodes.map(valueOf);
  const text = JSON.stringify(first);
  return others.every((other) => JSON.stringify(other) === text)
    ? { same: true, value: first as T }
    : { same: false };
}

/** Properties as they are being edited: what was changed replaces what the nodes have. */
export class PropertyForm {
  readonly nodes: readonly TreeNode[];
  /** What was changed so far. */
  patch = $state.raw<DetailsPatch>({});
  /** Fields whose text makes no sense. */
  problems = $state.raw<ReadonlySet<keyof Details>>(new Set());
  isUsable = $derived(this.problems.size === 0);
  isChanged = $derived(Object.keys(this.patch).length > 0);

  constructor(nodes: readonly TreeNode[]) {
    this.nodes = nodes;
  }

  /** The one node, if it is only one. */
  get single(): TreeNode | null {
    const [first] = this.nodes;
    return this.nodes.length === 1 && first !== undefined ? first : null;
  }

  /** The value as it would be after the change. */
  get<Key extends keyof Details>(key: Key): Shared<Details[Key] | undefined> {
    return key in this.patch
      ? { same: true, value: this.patch[key] }
      : sharedBy(this.nodes, (node) => node.details?.[key]);
  }

  /** Permissions, as they would be after the change: those of each node, or what the planner gives it. */
  get mode(): Shared<number> {
    const changed = this.patch.mode;
    return changed === undefined
      ? sharedBy(this.nodes, (node) =>
          'mode' in this.patch ? usualMode(node) : (node.details?.mode ?? usualMode(node)),
        )
      : { same: true, value: changed };
  }

  /** When the nodes were modified, as it would be after the change; NaN when nobody said. */
  get modified(): Shared<number> {
    const { modified } = this.patch;
    return modified === undefined
      ? sharedBy(this.nodes, (node) =>
          'modified' in this.patch && node.kind === 'file' ? node.file.lastModified : modifiedOf(node),
        )
      : { same: true, value: modified };
  }

  set<Key extends keyof Details>(key: Key, value: Details[Key] | undefined): void {
    this.patch = { ...this.patch, [key]: value };
    this.#note(key, false);
  }

  /** Takes named streams; `isSound` says whether each has a name that it can have. */
  setStreams(streams: readonly NamedStream[], isSound: boolean): void {
    this.set('streams', streams.length === 0 ? undefined : streams);
    this.#note('streams', !isSound);
  }

  /** Takes a number as it was typed; nothing is the default. */
  type(key: 'weight' | 'uid' | 'gid', typed: string): void {
    const text = typed.trim();
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    const [least, most] = RANGES[key];
    const isSound = text === '' || (value >= least && value <= most);
    if (isSound) {
      this.set(key, text === '' ? undefined : value);
    }
    this.#note(key, !isSound);
  }

  /** Takes permissions as they were typed in octal. */
  typeMode(text: string): void {
    const isSound = /^[0-7]{0,4}$/.test(text.trim());
    if (isSound) {
      this.set('mode', text.trim() === '' ? undefined : parseInt(text.trim(), 8));
    }
    this.#note('mode', !isSound);
  }

  #note(key: keyof Details, isBad: boolean): void {
    const next = new Set(this.problems);
    if (isBad) {
      next.add(key);
    } else {
      next.delete(key);
    }
    this.problems = next;
  }
}

/** Permissions of what has none of its own. */
function usualMode(node: TreeNode): number {
  return node.kind === 'directory' ? 0o755 : 0o644;
}

/** A time as a field for local times takes it; the empty string for none. */
export function localTime(time: number): string {
  if (Number.isNaN(time)) {
    return '';
  }
  const date = new Date(time);
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** The time in such a field; `undefined` for none. */
export function timeOf(local: string): number | undefined {
  const time = new Date(local).getTime();
  return local === '' || Number.isNaN(time) ? undefined : time;
}
