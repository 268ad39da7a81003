// Priorities as numbers, the most urgent first, so that the more urgent of two is the smaller.
import { PRIORITIES, type Priority } from "../store.ts";

export const MOST_URGENT = 0;
export const LEAST_URGENT = PRIORITIES.length - 1;

export function priorityNumber(priority: Priority): number {
  return PRIORITIES.indexOf(priority);
}

export function priorityOf(value: number): Priority {
  const priority = PRIORITIES[value];
  if (priority === undefined) throw new RangeError(`could not read a priority: expected 0 to 3, got ${value}`);
  return priority;
}
