import { z } from 'zod';

/** A whole number from 0, also where the environment gives it as text. */
export const from0 = (max: number) => z.coerce.number().int().min(0).max(max);
/** A whole number from 1. */
export const count = (max: number) => from0(max).min(1);
/** Text with something in it. */
export const filled = z.string().trim().min(1, 'is empty; give it a value or remove it');
/** A secret, or a text that names one. */
export const filledSecret = filled.max(20_000);
/** A model as callers or providers name it. */
export const modelName = z.string().trim().min(1).max(200);
