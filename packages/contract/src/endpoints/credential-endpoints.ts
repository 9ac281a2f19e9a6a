import type { Endpoint } from '../endpoint.ts';

/** Providers' keys: written, never read. */
export const credentialEndpoints = {} as const satisfies { [name: string]: Endpoint };
