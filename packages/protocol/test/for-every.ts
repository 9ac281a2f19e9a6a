import fc from 'fast-check';
import { type CallerDialectId, dialects } from '../src/index.ts';

const SEED = 20_260_101;
const RUNS = 30;

export const callers = Object.keys(dialects) as CallerDialectId[];
/** Every dialect and every other one. */
export const pairs = callers.flatMap((own) =>
  callers.filter((id) => id !== own).map((other) => [own, other] as const),
);

/** Holds a law over values that are the same in every run. */
export function forEvery<Value>(values: fc.Arbitrary<Value>, law: (value: Value) => void): void {
  fc.assert(
    fc.property(values, (value) => void law(value)),
    { seed: SEED, numRuns: RUNS },
  );
}
