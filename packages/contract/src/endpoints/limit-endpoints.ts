import type { Endpoint } from '../endpoint.ts';

/** The limits of a project and of its organization. */
export const limitEndpoints = {} as const satisfies { [name: string]: Endpoint };
