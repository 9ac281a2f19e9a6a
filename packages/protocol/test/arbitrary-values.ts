import fc from 'fast-check';
import type { CacheMark, Json, Sampling, Signature, TokenLogprob, Usage } from '../src/index.ts';

/** Values that calls and replies of every dialect are made of. */
export const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom('\n\n', '"}', '\u2028', 'é', '👋🏽'),
);
export const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,16}$/);
export const base64 = fc.base64String({ minLength: 4, maxLength: 24 });
export const schema = fc.constantFrom<Json>(
  { type: 'object' },
  { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
);
/** A JSON object as a text, in the form in which it is written. */
export const inputObject = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue())
  .map((value) => JSON.stringify(value));
export const cache = fc.constantFrom<CacheMark>({ lifetime: '5m' }, { lifetime: '1h' });

/** A record in which everything but `required` may be missing. */
export function some<Value extends object>(
  model: { [Key in keyof Value]-?: fc.Arbitrary<Exclude<Value[Key], undefined>> },
  required: readonly (keyof Value)[],
): fc.Arbitrary<Value> {
  return fc.record(model, { requiredKeys: [...required] as [] }) as fc.Arbitrary<Value>;
}

export const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.option(value).map((one) => (one === null ? [] : [one]));

/** Seals of these makers. A value never looks like what carries a seal of another. */
export function seals(...makers: Signature['maker'][]): fc.Arbitrary<Signature> {
  return fc.record({ maker: fc.constantFrom(...makers), value: base64 });
}

/** Of a word that a tokenizer would give; the bytes where it is no whole character. */
export const tokenLogprob: fc.Arbitrary<TokenLogprob> = fc.record({
  token: fc.stringMatching(/^[a-z ]{1,6}$/),
  logprob: fc.integer({ min: -900, max: 0 }).map((hundredths) => hundredths / 100),
  top: fc.array(
    fc.record({
      token: fc.stringMatching(/^[a-z ]{1,6}$/),
      logprob: fc.integer({ min: -900, max: 0 }).map((hundredths) => hundredths / 100),
    }),
    { maxLength: 2 },
  ),
});

/** 0 has one sign on the wire. */
const number = fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0);

export function samplings(keys: (keyof Sampling)[]): fc.Arbitrary<Sampling> {
  const figure = (name: keyof Sampling) => (name === 'seed' || name === 'topK' ? fc.nat() : number);
  return fc
    .subarray(keys)
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, figure(name)]))));
}

/** The two totals are always known, the classes inside them sometimes. */
export function usageOf(optional: (keyof Usage)[]): fc.Arbitrary<Usage> {
  const count = fc.nat({ max: 1_000_000 });
  const counts = fc.array(count, { minLength: 10, maxLength: 10 });
  return fc.tuple(fc.subarray(optional), counts).map(([names, figures]) => {
    const usage: Usage = { inputFresh: figures[8] ?? 0, outputText: figures[9] ?? 0 };
    for (const [place, name] of names.entries()) usage[name] = figures[place] ?? 0;
    return usage;
  });
}
