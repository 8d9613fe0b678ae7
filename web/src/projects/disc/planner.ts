import { Planner } from '../../planner/client.ts';

/** One planner serves all discs: it holds the plan of the one that is in view. */
export const planner = new Planner();
