import type { Endpoint } from '../endpoint.ts';

/** Organizations and their projects. */
export const organizationEndpoints = {} as const satisfies { [name: string]: Endpoint };
