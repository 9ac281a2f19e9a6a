import type { Overview, OverviewRange } from '@app/contract';
import { useMemo, useState } from 'react';
import { formatMoney } from '../../api/format-money.ts';
import { Card } from '../../ui/card.tsx';
import { formatUsd, formatUsdStep } from '../../ui/format.ts';
import { Empty } from '../../ui/page-status.tsx';
import { SERIES_COLOURS, TimeChart } from '../../ui/time-chart.tsx';
import { ModelLink } from './model-link.tsx';

type Search = { range: OverviewRange; mode?: 'live' | 'test' | undefined };
type Props = { spend: Overview['spend_by_model']; search: Search };

/** What each model cost over time, and in all. */
export function SpendByModel({ spend, search }: Props) {
  const series = useMemo(
    () => spend.series.map(({ model, usd }) => ({ label: model, values: usd })),
    [spend],
  );
  const [at, setAt] = useState<number>();
  const second = at === undefined ? undefined : spend.times[at];
  const isNothing = spend.series.every(({ total }) => total.nanos === 0);
  return (
    <Card className="flex flex-col gap-4 p-4 lg:p-5">
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="font-semibold text-base">Spend by model</h2>
        <p className="text-faint text-xs tabular-nums">
          {second === undefined ? 'in this range' : momentOf(second)}
        </p>
      </div>
      {isNothing ? (
        <Empty title="Nothing was spent in this range">Calls with test keys cost nothing.</Empty>
      ) : (
        <TimeChart
          times={spend.times}
          series={series}
          format={formatUsdStep}
          label={`Spend over time by model: ${series.map((one) => one.label).join(', ')}`}
          onHover={setAt}
        />
      )}
      <Legend series={spend.series} at={at} search={search} hasColours={!isNothing} />
    </Card>
  );
}

type LegendProps = {
  series: Overview['spend_by_model']['series'];
  at: number | undefined;
  search: Search;
  hasColours: boolean;
};

/** The totals, or what was spent in the bucket that the pointer is on. */
function Legend({ series, at, search, hasColours }: LegendProps) {
  return (
    <ul className="grid gap-x-8 gap-y-1 sm:grid-cols-2 lg:grid-cols-3">
      {series.map(({ model, total, usd }, place) => (
        <li key={model} className="flex min-w-0 items-center gap-2.5 text-sm">
          {hasColours ? (
            <Swatch colour={SERIES_COLOURS[place % SERIES_COLOURS.length] ?? 'currentColor'} />
          ) : null}
          <ModelLink model={model} search={search} />
          <span className="ml-auto text-soft tabular-nums">
            {at === undefined ? formatMoney(total) : formatUsd(usd[at] ?? 0)}
          </span>
        </li>
      ))}
    </ul>
  );
}

const momentOf = (second: number): string =>
  new Date(second * 1_000).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });

function Swatch({ colour }: { colour: string }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className="size-2.5 shrink-0">
      <rect width="10" height="10" rx="2.5" fill={colour} />
    </svg>
  );
}
