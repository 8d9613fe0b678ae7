/** What a disc of files is for besides holding them: it starts machines, or a player plays it. */
import type { PlannerError, PlanOptions } from '../../planner/messages.ts';
import type { DirectoryNode, FileNode, TreeNode } from '../../tree/model.ts';
import type { ProjectSections } from '../file/sections.ts';

/** What a purpose asks of the planner. */
export interface Demand {
  options: Pick<PlanOptions, 'boot' | 'video' | 'udf'>;
  /** Bytes of files that the planner has to look into. */
  contents: ReadonlyMap<FileNode, Uint8Array>;
}

/** What is asked of the planner, or why no image can be made of what is there. */
export type Prepared = { ok: true; demand: Demand } | { ok: false; error: PlannerError };

/**
 * A purpose of a disc. A data disc has none. It is looked after by the `App` of the disc: kept and exported with it, and
 * asked before each plan.
 */
export interface Purpose {
  /** Revision of UDF that its readers know, whatever the medium; `null` where the medium decides. */
  readonly udfRevision: string | null;
  /** What is kept of it beside what every disc has, by the name of its section. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its part of a project file. */
  readonly sections: ProjectSections;
  /** Takes up kept settings. Whoever keeps them does not check them. */
  restore(settings: unknown): void;
  /** A directory of what was added whose contents belong at the top of the disc; `null` when all is in its place. */
  findTop(added: readonly TreeNode[]): Promise<DirectoryNode | null>;
  /** Looks at the contents before they are planned. Rejects when `signal` says that they changed meanwhile. */
  prepare(signal: AbortSignal): Promise<Prepared>;
}

/** An error of a purpose as the planner would tell it. */
export function refusal(what: string, todo: string): Prepared {
  return { ok: false, error: { kind: 'purpose', message: what, hint: todo } };
}
