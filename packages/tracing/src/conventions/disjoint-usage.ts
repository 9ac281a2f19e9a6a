import type { Usage } from '@app/protocol';

/** Counts as a sender tells them: some of them include others. */
export type Counts = {
  input?: number;
  /** Input beside everything cached, where the sender says it outright. */
  inputFresh?: number;
  output?: number;
  /** Output beside thinking, where the sender says it outright. */
  outputText?: number;
  total?: number;
  cacheRead?: number;
  cacheWrite?: number;
  cacheWrite1h?: number;
  thinking?: number;
  inputAudio?: number;
  inputImage?: number;
  outputAudio?: number;
  outputImage?: number;
};

/**
 * Whether a count holds its parts. `unsure`: some versions of the sender's do, others do not. `unless-total`: it does not,
 * unless the total is the sum of input and output alone. `false` holds even against such a total.
 */
type HoldsRule = boolean | 'unsure' | 'unless-total';

export type TokenRule = { inputHoldsCached: HoldsRule; outputHoldsThinking: HoldsRule };

/** OpenTelemetry's own rule, and OpenAI's: the larger count holds the smaller ones. */
export const HOLDS_ALL: TokenRule = { inputHoldsCached: true, outputHoldsThinking: true };

/** Counts in disjoint classes. `isEstimated`: the figures contradict each other, or leave open what they mean. */
export type DisjointUsage = { usage: Usage; isEstimated: boolean };

/**
 * Disjoint classes from counts that overlap. What the figures prove comes first (a total, or a part that is larger than
 * its whole), then the rule of the sender. No class is ever below 0, and a total is never added to its parts.
 */
export function disjointUsage(counts: Counts, rule: TokenRule): DisjointUsage {
  const known = plausible(counts);
  const input = inputOf(known, rule);
  const output = outputOf(known, rule);
  const usage: Usage = {};
  put(usage, 'inputFresh', input.rest);
  put(usage, 'inputCacheRead', known.cacheRead);
  put(usage, 'inputCacheWrite', writeOf(known));
  put(usage, 'inputCacheWrite1h', known.cacheWrite1h);
  put(usage, 'inputAudio', known.inputAudio);
  put(usage, 'inputImage', known.inputImage);
  put(usage, 'outputText', output.rest);
  put(usage, 'outputThinking', known.thinking);
  put(usage, 'outputAudio', known.outputAudio);
  put(usage, 'outputImage', known.outputImage);
  const isOdd = known.isOdd || input.isEstimated || output.isEstimated;
  return { usage, isEstimated: isOdd };
}

type Known = Counts & { isOdd: boolean };
type Rest = { rest: number | undefined; isEstimated: boolean };

/** Counts that can be counts. A negative or a broken one is as good as none, and makes the rest an estimate. */
function plausible(counts: Counts): Known {
  const known: Known = { isOdd: false };
  for (const name of COUNTS) {
    const count = counts[name];
    if (count === undefined) continue;
    if (Number.isSafeInteger(count) && count >= 0) known[name] = count;
    else known.isOdd = true;
  }
  return known;
}

const COUNTS: readonly (keyof Counts)[] = [
  'input',
  'inputFresh',
  'output',
  'outputText',
  'total',
  'cacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'thinking',
  'inputAudio',
  'inputImage',
  'outputAudio',
  'outputImage',
];

function inputOf(known: Known, rule: TokenRule): Rest {
  if (known.inputFresh !== undefined) return { rest: known.inputFresh, isEstimated: false };
  const beside = (known.inputAudio ?? 0) + (known.inputImage ?? 0);
  const parts = [known.cacheRead ?? 0, cachedWrites(known)];
  const input = known.input ?? restOfTotal(known, sumOf(parts), rule.inputHoldsCached);
  if (input === undefined) return { rest: undefined, isEstimated: false };
  const missing = missingOf(known, input, known.output);
  const { held, isUnsure } = heldParts({ whole: input, parts, missing, rule: rule.inputHoldsCached });
  return less(input, held + beside, isUnsure);
}

function outputOf(known: Known, rule: TokenRule): Rest {
  if (known.outputText !== undefined) return { rest: known.outputText, isEstimated: false };
  const { output } = known;
  if (output === undefined) return { rest: undefined, isEstimated: false };
  const beside = (known.outputAudio ?? 0) + (known.outputImage ?? 0);
  const missing = missingOf(known, output, known.input);
  const parts = [known.thinking ?? 0];
  const { held, isUnsure } = heldParts({ whole: output, parts, missing, rule: rule.outputHoldsThinking });
  return less(output, held + beside, isUnsure);
}

/** What the total has beside input and output; undefined where one of the three is not told. */
function missingOf({ total }: Known, one: number, other: number | undefined): number | undefined {
  return total === undefined || other === undefined ? undefined : total - one - other;
}

type Question = { whole: number; parts: number[]; missing: number | undefined; rule: HoldsRule };

/** How many tokens of the parts are in the whole already: what the figures prove, else what the rule says. */
function heldParts({ whole, parts, missing, rule }: Question): { held: number; isUnsure: boolean } {
  const all = sumOf(parts);
  if (all === 0) return { held: 0, isUnsure: false };
  if (missing !== undefined && (missing !== 0 || rule !== false)) {
    // Some senders take one kind of cached tokens out of the input and leave the other in.
    const isProven =
      missing === 0 || missing === all || parts.filter((part) => part === missing).length === 1;
    if (isProven && all - missing <= whole) return { held: all - missing, isUnsure: false };
  }
  if (all > whole) return { held: 0, isUnsure: rule === true };
  if (rule === true || rule === 'unsure') return { held: all, isUnsure: rule === 'unsure' };
  return { held: 0, isUnsure: false };
}

const sumOf = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);

function less(whole: number, part: number, isUnsure: boolean): Rest {
  return { rest: Math.max(0, whole - part), isEstimated: isUnsure || part > whole };
}

/** A sender that tells only the total and the output has told the input too. */
function restOfTotal(known: Known, cached: number, holdsCached: HoldsRule): number | undefined {
  if (known.total === undefined) return undefined;
  if (known.output === undefined)
    return cached === 0 && known.thinking === undefined ? known.total : undefined;
  const rest =
    known.total - known.output - (holdsCached === false || holdsCached === 'unless-total' ? cached : 0);
  return rest < 0 ? undefined : rest;
}

/** Some senders tell all that was written, and how much of it for an hour. */
function writeOf({ cacheWrite, cacheWrite1h }: Known): number | undefined {
  if (cacheWrite === undefined || cacheWrite1h === undefined) return cacheWrite;
  return cacheWrite >= cacheWrite1h ? cacheWrite - cacheWrite1h : cacheWrite;
}

function cachedWrites(known: Known): number {
  return (writeOf(known) ?? 0) + (known.cacheWrite1h ?? 0);
}

function put(usage: Usage, name: keyof Usage, tokens: number | undefined): void {
  if (tokens !== undefined) usage[name] = tokens;
}
