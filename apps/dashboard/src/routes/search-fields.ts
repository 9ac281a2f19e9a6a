import { z } from 'zod';

/** Fields of addresses. One that makes no sense is left out instead of breaking the page. */
export const Mode = z.enum(['live', 'test']).optional().catch(undefined);
export const text = z.string().max(200).optional().catch(undefined);
export const moment = z.iso.datetime().optional().catch(undefined);
