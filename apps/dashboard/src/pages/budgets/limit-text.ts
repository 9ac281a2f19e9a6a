import type { Limit, LimitMeasure } from '@app/contract';
import { formatCount, formatUsd } from '../../ui/format.ts';

const measureWords: Record<LimitMeasure, string> = {
  requests: 'requests',
  input_tokens: 'input tokens',
  output_tokens: 'output tokens',
  tokens: 'tokens',
  concurrency: 'calls at once',
  cost: 'US dollars',
};

/** An amount in a limit's measure: `12 requests`, `$4.20`. */
export const amountText = (measure: LimitMeasure, amount: number): string =>
  measure === 'cost' ? formatUsd(amount / 1e9) : `${formatCount(amount)} ${measureWords[measure]}`;

/** `600 requests a minute`, `4 calls at once`. */
export const limitText = ({ measure, max, period }: Pick<Limit, 'measure' | 'max' | 'period'>): string =>
  period === null
    ? amountText(measure, max)
    : `${amountText(measure, max)} ${period === 'hour' ? 'an' : 'a'} ${period}`;
