/**
 * The planner's thread: holds the plan in WASM memory and answers questions about it. File contents never
 * come here; the page puts them into the image itself.
 */
import init, { planImage, type ImagePlan } from 'image-wasm';
import { detailsOf } from './columns.ts';
import {
  SEGMENT_METADATA,
  type ImageParts,
  type NameReport,
  type PlannerError,
  type PlannerReply,
  type PlannerRequest,
  type PlannerValue,
  type PlanSummary,
} from './messages.ts';

const BLOCK_SIZE = 2048;
/** Metadata leaves WASM memory in pieces of this size, so that it is never held whole. */
const CHUNK_BLOCKS = 1024;

const wasmUrl = new URL('../../../wasm/pkg/image_wasm_bg.wasm', import.meta.url);

let ready: Promise<unknown> | null = null;
let current: { number: number; plan: ImagePlan } | null = null;
let lastNumber = 0;

/** The page asked about a plan that another has replaced. */
class StalePlanError extends Error {
  readonly kind = 'stale';

  constructor() {
    super('the contents have changed since this plan was made');
  }
}

function planOf(number: number): ImagePlan {
  if (current?.number !== number) {
    throw new StalePlanError();
  }
  return current.plan;
}

function makePlan(request: PlannerRequest & { kind: 'plan' }): PlanSummary {
  current?.plan.free();
  current = null;
  const started = performance.now();
  const details = detailsOf(request.entries, request.contents, request.streams);
  const plan = planImage({ ...request.entries, details }, request.options);
  lastNumber += 1;
  current = { number: lastNumber, plan };
  return {
    plan: lastNumber,
    sizeBytes: plan.sizeBytes,
    sizeBlocks: plan.sizeBlocks,
    planMs: performance.now() - started,
  };
}

function namesOf(plan: ImagePlan, indices: Uint32Array): NameReport[] {
  const reports: NameReport[] = [];
  for (let at = 0; at < indices.length;) {
    const first = indices[at] ?? 0;
    let count = 1;
    while (indices[at + count] === first + count) {
      count += 1;
    }
    for (const report of plan.names(first, count)) {
      reports.push(report);
    }
    at += count;
  }
  return reports;
}

function partsOf(plan: ImagePlan): ImageParts {
  const segments = plan.segments();
  const metadata: Blob[] = [];
  // A new array for every piece would be hundreds of megabytes by the time that the browser clears them away.
  const chunk = new Uint8Array(CHUNK_BLOCKS * BLOCK_SIZE);
  let blocks = 0;
  const flush = () => {
    if (blocks > 0) {
      metadata.push(new Blob([chunk.subarray(0, blocks * BLOCK_SIZE)]));
      blocks = 0;
    }
  };
  for (let i = 0; i < segments.kinds.length; i += 1) {
    if (segments.kinds[i] !== SEGMENT_METADATA) {
      continue;
    }
    let block = segments.starts[i] ?? 0;
    for (let left = (segments.lengths[i] ?? 0) / BLOCK_SIZE; left > 0;) {
      const take = Math.min(left, CHUNK_BLOCKS - blocks);
      plan.renderInto(block, chunk.subarray(blocks * BLOCK_SIZE, (blocks + take) * BLOCK_SIZE));
      block += take;
      left -= take;
      blocks += take;
      if (blocks === CHUNK_BLOCKS) {
        flush();
      }
    }
  }
  flush();
  return { segments, metadata };
}

function answer(request: PlannerRequest): PlannerValue {
  switch (request.kind) {
    case 'plan':
      return makePlan(request);
    case 'names':
      return namesOf(planOf(request.plan), request.indices);
    case 'warnings':
      return planOf(request.plan).warnings();
    case 'parts':
      return partsOf(planOf(request.plan));
  }
}

function asError(thrown: unknown): PlannerError {
  if (typeof thrown === 'object' && thrown !== null && 'kind' in thrown && 'message' in thrown) {
    const { kind, message, path, hint } = thrown as PlannerError;
    return {
      kind,
      message,
      ...(path === undefined ? {} : { path }),
      ...(hint === undefined ? {} : { hint }),
    };
  }
  return { kind: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

function transfersOf(value: PlannerValue): Transferable[] {
  if (!('segments' in value)) {
    return [];
  }
  const { kinds, sources, starts, lengths } = value.segments;
  return [kinds.buffer, sources.buffer, starts.buffer, lengths.buffer] as Transferable[];
}

function send(reply: PlannerReply, transfer: Transferable[] = []): void {
  postMessage(reply, { transfer });
}

async function handle(request: PlannerRequest): Promise<void> {
  try {
    ready ??= init({ module_or_path: wasmUrl });
    await ready;
    const value = answer(request);
    send({ call: request.call, ok: true, value }, transfersOf(value));
  } catch (thrown) {
    if (thrown instanceof WebAssembly.RuntimeError) {
      // It ran out of memory, or else broke in the middle of its work: this worker is of no use any more. What is thrown
      // outside of a promise tells the page so, which starts another.
      setTimeout(() => {
        throw thrown;
      });
      return;
    }
    send({ call: request.call, ok: false, error: asError(thrown) });
  }
}

addEventListener('message', (event: MessageEvent<PlannerRequest>) => {
  void handle(event.data);
});
