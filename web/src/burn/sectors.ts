/** A map of the blocks of a disc in cells, and the places where something is wrong. */
import type { BlockRange, Damage, JobMap } from '../agent/types.ts';

/** What is known of a cell, by the agent's letter for it. What comes later here is worse. */
export const CELL_STATES = ['unread', 'good', 'weak', 'failing', 'different', 'unreadable'] as const;
export type CellState = (typeof CELL_STATES)[number];

const LETTERS: Readonly<Record<string, CellState>> = {
  '?': 'unread',
  '+': 'good',
  '~': 'weak',
  '*': 'failing',
  '#': 'different',
  '-': 'unreadable',
};

export interface SectorMap {
  readonly blocks: number;
  readonly cells: readonly CellState[];
}

const MOST_CELLS = 1000;

/** The map as the agent tells it; a letter of a newer agent counts as not read. */
export function mapFrom({ blocks, cells }: JobMap): SectorMap {
  return { blocks, cells: Array.from(cells, (letter) => LETTERS[letter] ?? 'unread') };
}

/** The map of a job that ended, from what is wrong, where the agent has forgotten the rest. */
export function mapOfDamage(blocks: number, damage: Damage): SectorMap {
  const count = Math.min(MOST_CELLS, blocks);
  const cells = new Array<CellState>(count).fill('good');
  const paint = (ranges: readonly BlockRange[], state: CellState): void => {
    for (const range of ranges) {
      const first = cellOf(range.first, blocks, count);
      const last = Math.min(count - 1, cellOf(range.first + range.blocks - 1, blocks, count));
      cells.fill(state, first, last + 1);
    }
  };
  paint(damage.different, 'different');
  paint(damage.unreadable, 'unreadable');
  return { blocks, cells };
}

function cellOf(block: number, blocks: number, count: number): number {
  return Math.floor((block * count) / blocks);
}

/** First block of a cell, and one more than its last. */
export function blocksOfCell(map: SectorMap, cell: number): [first: number, end: number] {
  const count = map.cells.length;
  return [Math.ceil((cell * map.blocks) / count), Math.ceil(((cell + 1) * map.blocks) / count)];
}

/** The same map with at most so many cells, each as bad as the worst that went into it. */
export function coarser(map: SectorMap, most: number): SectorMap {
  const { blocks, cells } = map;
  if (cells.length <= most) {
    return map;
  }
  const merged = Array.from({ length: most }, (_, at) => {
    const from = Math.floor((at * cells.length) / most);
    const upto = Math.max(from + 1, Math.floor(((at + 1) * cells.length) / most));
    return cells.slice(from, upto).reduce(worse, 'unread');
  });
  return { blocks, cells: merged };
}

function worse(a: CellState, b: CellState): CellState {
  return CELL_STATES.indexOf(a) >= CELL_STATES.indexOf(b) ? a : b;
}

/** How many cells are in each state, the ones that do not occur left out. */
export function countCells(map: SectorMap): readonly (readonly [CellState, number])[] {
  return CELL_STATES.map(
    (state) => [state, map.cells.filter((each) => each === state).length] as const,
  ).filter(([, count]) => count > 0);
}

/** A place of the disc with something wrong. */
export interface BadPlace extends BlockRange {
  readonly state: 'different' | 'unreadable';
}

/** All bad places that are listed, in the order of the disc. */
export function badPlaces(damage: Damage): readonly BadPlace[] {
  const of = (ranges: readonly BlockRange[], state: BadPlace['state']): BadPlace[] =>
    ranges.map((range) => ({ ...range, state }));
  return [...of(damage.different, 'different'), ...of(damage.unreadable, 'unreadable')].sort(
    (a, b) => a.first - b.first,
  );
}
