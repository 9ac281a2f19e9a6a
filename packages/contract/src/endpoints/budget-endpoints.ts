import type { Endpoint } from '../endpoint.ts';

/** The budgets of a project and of its organization. */
export const budgetEndpoints = {} as const satisfies { [name: string]: Endpoint };
