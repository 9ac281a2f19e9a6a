import type { KeyUsage } from '@app/contract';
import { useMemo, useState } from 'react';
import { formatCount, formatUsd, formatUsdStep } from '../../ui/format.ts';
import { SERIES_COLOURS, TimeChart } from '../../ui/time-chart.tsx';

export type KeyMeasure = 'requests' | 'tokens' | 'cost';

type Props = { times: readonly number[]; usage: KeyUsage; measure: KeyMeasure };

/** One measure of a key's calls over time; of the calls also which of them failed. */
export function KeyChart({ times, usage, measure }: Props) {
  const [at, setAt] = useState<number>();
  const series = useMemo(() => seriesOf(usage, measure), [usage, measure]);
  const second = at === undefined ? undefined : times[at];
  const write = measure === 'cost' ? formatUsd : formatCount;
  return (
    <figure className="flex flex-col gap-3">
      <TimeChart
        times={times}
        series={series}
        format={measure === 'cost' ? formatUsdStep : formatCount}
        isWhole={measure !== 'cost'}
        label={`${series.map(({ label }) => label).join(' and ')} over time`}
        onHover={setAt}
      />
      <figcaption className="flex flex-wrap gap-x-5 gap-y-1 text-soft text-xs tabular-nums">
        {series.map(({ label, values }, place) => (
          <span key={label} className="flex items-center gap-2">
            <svg viewBox="0 0 10 10" aria-hidden="true" className="size-2.5">
              <rect width="10" height="10" rx="2.5" fill={SERIES_COLOURS[place] ?? 'currentColor'} />
            </svg>
            {label}:{' '}
            {write(at === undefined ? values.reduce((sum, value) => sum + value, 0) : (values[at] ?? 0))}
          </span>
        ))}
        <span className="ml-auto text-faint">
          {second === undefined ? 'in this range' : momentOf(second)}
        </span>
      </figcaption>
    </figure>
  );
}

function seriesOf({ series }: KeyUsage, measure: KeyMeasure) {
  if (measure === 'tokens') return [{ label: 'Tokens', values: series.tokens }];
  if (measure === 'cost') {
    return [{ label: 'US dollars', values: series.cost_nanos.map((nanos) => nanos / 1e9) }];
  }
  const answered = series.requests.map((count, at) => count - (series.errors[at] ?? 0));
  return [
    { label: 'Answered', values: answered },
    { label: 'Failed', values: series.errors },
  ];
}

const momentOf = (second: number): string =>
  new Date(second * 1_000).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
