import type { PlannerError } from '../planner/messages.ts';

/** The planner said no while an image was put together. */
export class PlanningError extends Error {
  readonly error: PlannerError;

  constructor(error: PlannerError) {
    super(error.message);
    this.name = 'PlanningError';
    this.error = error;
  }
}
