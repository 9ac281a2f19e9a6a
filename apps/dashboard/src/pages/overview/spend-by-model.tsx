import type { Overview } from '@app/contract';
import { useMemo } from 'react';
import { Card } from '../../ui/card.tsx';
import { formatMoney, formatUsd } from '../../ui/format.ts';
import { Empty } from '../../ui/page-status.tsx';
import { SERIES_COLOURS, TimeChart } from '../../ui/time-chart.tsx';

/** What each model cost over time, and in all. */
export function SpendByModel({ spend }: { spend: Overview['spend_by_model'] }) {
  const series = useMemo(
    () => spend.series.map(({ model, usd }) => ({ label: model, values: usd })),
    [spend],
  );
  return (
    <Card className="flex flex-col gap-4 p-4 lg:p-5">
      <h2 className="font-semibold text-base">Spend by model</h2>
      {series.length === 0 ? (
        <Empty title="Nothing was spent in this range">Calls with test keys cost nothing.</Empty>
      ) : (
        <>
          <TimeChart
            times={spend.times}
            series={series}
            format={formatUsd}
            label={`Spend over time of ${series.length} models`}
          />
          <Legend series={spend.series} />
        </>
      )}
    </Card>
  );
}

function Legend({ series }: { series: Overview['spend_by_model']['series'] }) {
  return (
    <ul className="grid gap-x-8 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
      {series.map(({ model, total }, at) => (
        <li key={model} className="flex min-w-0 items-center gap-2.5 text-sm">
          <Swatch colour={SERIES_COLOURS[at % SERIES_COLOURS.length] ?? 'currentColor'} />
          <span className="truncate" title={model}>
            {model}
          </span>
          <span className="ml-auto text-soft tabular-nums">{formatMoney(total)}</span>
        </li>
      ))}
    </ul>
  );
}

function Swatch({ colour }: { colour: string }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className="size-2.5 shrink-0">
      <rect width="10" height="10" rx="2.5" fill={colour} />
    </svg>
  );
}
