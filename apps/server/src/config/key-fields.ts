import { z } from 'zod';
import { filledSecret } from './field-kinds.ts';

/** The name of a secret under `secret_refs`. */
export const RefName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, 'must be lower-case letters, digits, "-", "_" or "."');

const WeightedKey = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'must be lower-case letters, digits, "-" or "_"')
    .optional()
    .describe(
      'Where several keys are listed: the name that calls show. Default: its place in the list, `key-1`.',
    ),
  key: filledSecret
    .optional()
    .describe('Where several keys are listed: the key, best as `${OPENAI_API_KEY_2}`.'),
  ref: RefName.optional().describe(
    'Where several keys are listed: its name under `secret_refs`, instead of `key`.',
  ),
  weight: z
    .int()
    .min(0)
    .max(1_000)
    .default(1)
    .describe('Its share of the calls, beside the other keys; 0 keeps it in reserve.'),
});

/** A provider's key: its text, the name of a reference, or several of them. */
export const ApiKey = z.union(
  [filledSecret, z.strictObject({ ref: RefName }), z.array(WeightedKey).min(1, 'lists no key').max(50)],
  { error: 'must be a key, { ref: name } or a list of keys with a key or ref each' },
);
export type ApiKey = z.infer<typeof ApiKey>;

/** One of several keys, with every default applied. */
export type ListedKey = { name: string; key: string | undefined; ref: string | undefined; weight: number };

/** The keys that are not simply one text; empty for that and for none. */
export function listKeys(given: ApiKey | undefined): ListedKey[] {
  if (given === undefined || typeof given === 'string') return [];
  if (!Array.isArray(given)) return [{ name: 'default', key: undefined, ref: given.ref, weight: 1 }];
  return given.map(({ name = '', key, ref, weight }, at) => ({
    name: name === '' ? `key-${at + 1}` : name,
    key,
    ref,
    weight,
  }));
}

type Problem = [path: PropertyKey[], message: string];

/** What is wrong with a provider's keys, each with its place below `api_key`. */
export function keyProblems(given: ApiKey | undefined, refs: object): Problem[] {
  const keys = listKeys(given);
  const names = keys.map(({ name }) => name);
  return keys.flatMap(({ name, key, ref }, at): Problem[] => {
    const path = Array.isArray(given) ? [at] : [];
    if ((key === undefined) === (ref === undefined)) return [[path, 'needs a key or a ref, one of the two']];
    if (names.indexOf(name) !== at)
      return [[[...path, 'name'], `"${name}" is there twice; give each its own`]];
    const isListed = ref === undefined || Object.hasOwn(refs, ref);
    return isListed ? [] : [[[...path, 'ref'], `there is no "${ref}" under secret_refs`]];
  });
}
