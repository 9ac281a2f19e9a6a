import type { Usage } from '@app/protocol';
import type { Limit } from '../limits/limit.ts';
import type { AttemptRecord } from '../ports.ts';

/** How one dispatch ended. */
export type Ended = Pick<AttemptRecord, 'usage' | 'cost' | 'outcome'> & {
  /** Nothing of it left for the provider. */
  isUnsent: boolean;
};

/** What a dispatch used, in a limit's measure. Undefined where nobody can say: then what was held stays charged. */
export function usedOf({ measure }: Limit, { usage, cost, outcome, isUnsent }: Ended): number | undefined {
  if (isUnsent || measure === 'concurrency') return 0;
  if (measure === 'requests') return 1;
  if (measure === 'cost') return cost.label === 'unknown' ? undefined : cost.nanos;
  const isSilent = Object.keys(usage).length === 0;
  // A price that is exact, of nothing, was free; a failure that nobody bills used nothing.
  if (isSilent) return cost.label === 'exact' || isFree(outcome, cost) ? 0 : undefined;
  if (measure === 'input_tokens') return inputOf(usage);
  return measure === 'output_tokens' ? outputOf(usage) : inputOf(usage) + outputOf(usage);
}

function isFree(outcome: Ended['outcome'], { label }: Ended['cost']): boolean {
  return outcome === 'failed' && label !== 'unknown';
}

/** Every token that the model read, from a cache or not. */
function inputOf(usage: Usage): number {
  const { inputFresh = 0, inputCacheRead = 0, inputCacheWrite = 0, inputCacheWrite1h = 0 } = usage;
  return inputFresh + inputCacheRead + inputCacheWrite + inputCacheWrite1h + mediaOf(usage);
}

function mediaOf({ inputAudio = 0, inputImage = 0 }: Usage): number {
  return inputAudio + inputImage;
}

function outputOf({ outputText = 0, outputThinking = 0, outputAudio = 0, outputImage = 0 }: Usage): number {
  return outputText + outputThinking + outputAudio + outputImage;
}
