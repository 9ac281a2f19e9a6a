import type { Endpoint } from '../endpoint.ts';

/** What calls cost, and the cost of what was called before. */
export const priceEndpoints = {} as const satisfies { [name: string]: Endpoint };
