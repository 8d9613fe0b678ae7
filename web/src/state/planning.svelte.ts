import type { Planner } from '../planner/client.ts';
import { contentsByEntry } from '../planner/contents.ts';
import { contentOf, encodeTree, sourcePath, type EncodedTree } from '../planner/entries.ts';
import type {
  ImageWarning,
  NameReport,
  Outcome,
  PlannerError,
  PlanOptions,
  PlanSummary,
} from '../planner/messages.ts';
import type { Purpose } from '../projects/disc/purpose.ts';
import { t, withWords } from '../strings/strings.ts';
import { ChangedContentError } from '../tree/content.ts';
import type { TreeNode } from '../tree/model.ts';
import { openFiles } from '../tree/open.ts';
import type { PlannedImage } from './planned-image.ts';
import { PlanningError } from './planning-error.ts';
import type { Project } from './project.svelte.ts';

/** What is known of the image. `size` stays while a new plan is being made, so that nothing flickers. */
export type PlanState =
  | { status: 'empty' }
  | { status: 'working'; size: PlanSummary | null }
  | { status: 'ready'; size: PlanSummary }
  | { status: 'failed'; error: PlannerError };

/** What went wrong before the planner was asked, in its form. */
function asPlannerError(error: unknown): PlannerError {
  if (error instanceof ChangedContentError) {
    return {
      kind: 'unreadable',
      message: t.problems.fileChanged(error.path),
      hint: t.problems.fileChangedTodo,
    };
  }
  return { kind: 'internal', message: String(error) };
}

function refuseSize(size: number, planned: number): void {
  if (size !== planned) {
    throw new PlanningError({ kind: 'internal', message: `the image has ${size} bytes, not ${planned}` });
  }
}

/** So many name reports are kept: more than are shown at once, fewer than weigh on the page. */
const KEPT_NAMES = 2000;

/** Keeps the plan of the project up to date: exact size, names, and the image when it is wanted. */
export class Planning {
  state = $state.raw<PlanState>({ status: 'empty' });
  /** Name reports of the nodes asked for, by node id; replaced when reports arrive. */
  names = $state.raw<ReadonlyMap<number, NameReport>>(new Map());

  /** What the planner has to say about the image; `null` until it has said so. */
  warnings = $state.raw<readonly ImageWarning[] | null>(null);

  readonly #project: Project;
  readonly #planner: Planner;
  readonly #purpose: Purpose | null;
  readonly #delayMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #tree: EncodedTree | null = null;
  /** Entries whose names were asked for: another set once some are given up, so that those wanted are asked for again. */
  #asked = $state.raw(new Set<number>());

  /** `purpose` is asked before each plan. */
  constructor(project: Project, planner: Planner, purpose: Purpose | null = null, delayMs = 120) {
    this.#project = project;
    this.#planner = planner;
    this.#purpose = purpose;
    this.#delayMs = delayMs;
  }

  /** How the image is to be made. */
  get options(): PlanOptions {
    const { volume, fileSystems, medium, created, isoLevel, udfRevision } = this.#project;
    return {
      volumeId: volume.trim(),
      fileSystems: { ...fileSystems },
      isoLevel,
      ...(medium === null ? {} : { medium: medium.id }),
      ...(udfRevision === null ? {} : { udf: { revision: udfRevision } }),
      created,
    };
  }

  get size(): PlanSummary | null {
    return this.state.status === 'ready' || this.state.status === 'working' ? this.state.size : null;
  }

  /** Plans again shortly; a plan under way is given up. */
  schedule(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    if (this.#project.isEmpty || !this.#project.usable) {
      this.#forget();
      this.state = { status: 'empty' };
      return;
    }
    this.state = { status: 'working', size: this.size };
    this.#timer = setTimeout(() => {
      this.#running = this.#plan();
    }, this.#delayMs);
  }

  /** Plans nothing until it is told to again. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  /** Asks for the name reports of these nodes where they are not known yet. */
  wantNames(nodes: readonly TreeNode[]): void {
    const tree = this.#tree;
    if (this.state.status !== 'ready' || tree === null) {
      return;
    }
    const plan = this.state.size.plan;
    const indices: number[] = [];
    for (const node of nodes) {
      const index = tree.indexOf.get(node.id);
      if (index !== undefined && !this.#asked.has(index)) {
        this.#asked.add(index);
        indices.push(index);
      }
    }
    if (indices.length > 0) {
      void this.#askNames(plan, tree, indices);
    }
  }

  /** Puts the image together as one Blob. Waits for a plan that is under way, and opens the files that are not open yet. */
  async compose(
    signal: AbortSignal,
    onOpening?: (opened: number, of: number) => void,
  ): Promise<{ image: PlannedImage; blob: Blob }> {
    const started = performance.now();
    const { image, tree } = await this.#image(signal);
    const contents = [...tree.nodes, ...tree.streams].map((_, source) => contentOf(tree, source));
    await openFiles(contents, (source) => sourcePath(tree, source), signal, onOpening);
    const blob = await image.compose(signal);
    refuseSize(blob.size, image.size);
    performance.measure('discwright:compose', { start: started, detail: { entries: tree.nodes.length } });
    return { image, blob };
  }

  /** The image, to be read piece by piece. Waits for a plan that is under way; opens nothing. */
  async image(signal: AbortSignal): Promise<PlannedImage> {
    return (await this.#image(signal)).image;
  }

  async #image(signal: AbortSignal): Promise<{ image: PlannedImage; tree: EncodedTree }> {
    await this.settled(signal);
    signal.throwIfAborted();
    const tree = this.#tree;
    if (this.state.status === 'failed') {
      throw new PlanningError(this.state.error);
    }
    if (this.state.status !== 'ready' || tree === null) {
      throw new PlanningError({ kind: 'stale', message: 'there is no plan' });
    }
    const { plan, sizeBytes } = this.state.size;
    const parts = await this.#planner.parts(plan);
    if (!parts.ok) {
      throw new PlanningError(parts.error);
    }
    const { PlannedImage } = await import('./planned-image.ts');
    const image = new PlannedImage(parts.value, tree);
    refuseSize(image.size, sizeBytes);
    return { image, tree };
  }

  /** Waits for a plan that is under way, and for what is being added. */
  async settled(signal?: AbortSignal): Promise<void> {
    while (this.state.status === 'working' || this.#project.intake !== null) {
      signal?.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, this.#delayMs));
      await this.#running;
    }
  }

  async #plan(): Promise<void> {
    if (this.#project.intake !== null) {
      // Sizes are still coming in. The end of the intake is a change, too.
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    const started = performance.now();
    try {
      const tree = await encodeTree(this.#project.tree, abort.signal);
      if (tree.unmeasured.length > 0) {
        // An intake that was stopped had taken them away, and a step back brought them in again. Their sizes are a change.
        await this.#project.measure(tree.unmeasured, abort.signal);
        return;
      }
      const prepared = await this.#purpose?.prepare(abort.signal);
      if (prepared?.ok === false) {
        this.#forget();
        this.state = { status: 'failed', error: prepared.error };
        return;
      }
      const listed = performance.now();
      const outcome = await this.#ask(
        tree,
        { ...this.options, ...prepared?.demand.options },
        contentsByEntry(tree, prepared?.demand.contents ?? new Map()),
      );
      if (abort.signal.aborted) {
        return;
      }
      this.#asked = new Set();
      this.#tree = tree;
      this.state = outcome.ok
        ? { status: 'ready', size: outcome.value }
        : { status: 'failed', error: outcome.error };
      this.#measure(started, listed, tree, outcome);
      await this.#askWarnings(tree, outcome);
    } catch (error) {
      if (!abort.signal.aborted) {
        this.state = { status: 'failed', error: asPlannerError(error) };
      }
    }
  }

  /** A plan, or why there is none: of named streams that the image has no room for, in the words of the page. */
  async #ask(
    tree: EncodedTree,
    options: PlanOptions,
    contents: ReadonlyMap<number, Uint8Array>,
  ): Promise<Outcome<PlanSummary>> {
    const [first] = tree.streams;
    if (first === undefined) {
      return this.#planner.plan(tree, options, contents);
    }
    let path = sourcePath(tree, first.entry);
    // The planner leaves out what no file system that is chosen has. Content is not left out without a word.
    if (options.fileSystems.udf) {
      const outcome = await this.#planner.plan(tree, options, contents);
      if (outcome.ok || outcome.error.kind !== 'udfRevision') {
        return outcome;
      }
      path = outcome.error.path ?? path;
    }
    const { refuseStreams, streamRoom } = await withWords(import('./stream-room.ts'), 'properties');
    return { ok: false, error: refuseStreams(path, streamRoom(this.#project, this.#purpose)) };
  }

  async #askWarnings(tree: EncodedTree, planned: Outcome<PlanSummary>): Promise<void> {
    const outcome = planned.ok ? await this.#planner.warnings(planned.value.plan) : null;
    if (this.#tree === tree) {
      this.warnings = outcome?.ok === true ? outcome.value : null;
    }
  }

  /** Leaves times for whoever measures the page. */
  #measure(started: number, listed: number, tree: EncodedTree, outcome: Outcome<PlanSummary>): void {
    const planMs = outcome.ok ? outcome.value.planMs : null;
    const detail = { entries: tree.nodes.length, listMs: listed - started, planMs };
    performance.measure('discwright:plan', { start: started, detail });
  }

  async #askNames(plan: number, tree: EncodedTree, indices: number[]): Promise<void> {
    const sorted = Uint32Array.from(indices).sort();
    const outcome = await this.#planner.names(plan, sorted);
    if (!outcome.ok || this.#tree !== tree) {
      return;
    }
    const names = new Map(this.names);
    for (const [at, report] of outcome.value.entries()) {
      const node = tree.nodes[sorted[at] ?? 0];
      if (node !== undefined) {
        names.set(node.id, report);
      }
    }
    this.#giveUpOldest(names, tree);
    this.names = names;
  }

  #giveUpOldest(names: Map<number, NameReport>, tree: EncodedTree): void {
    if (names.size <= KEPT_NAMES) {
      return;
    }
    const asked = new Set(this.#asked);
    for (const id of [...names.keys()].slice(0, names.size - KEPT_NAMES)) {
      names.delete(id);
      asked.delete(tree.indexOf.get(id) ?? -1);
    }
    this.#asked = asked;
  }

  #forget(): void {
    this.#tree = null;
    this.warnings = null;
    this.#asked = new Set();
    this.names = new Map();
  }
}
