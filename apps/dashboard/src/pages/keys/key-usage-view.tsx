import type { KeyUsageRange, OneKeyUsage } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { formatMoney } from '../../api/format-money.ts';
import { oneKeyUsageQuery } from '../../api/keys.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatShare } from '../../ui/format.ts';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import type { KeyMeasure } from './key-chart.tsx';

/** With the drawing library, which only who opens a key needs. */
const KeyChart = lazy(() =>
  import('./key-chart.tsx').then(({ KeyChart: component }) => ({ default: component })),
);

const ranges: readonly { value: KeyUsageRange; label: string }[] = [
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
  { value: '30d', label: '30 d' },
];
const measures: readonly { value: KeyMeasure; label: string }[] = [
  { value: 'requests', label: 'Calls' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'cost', label: 'Cost' },
];

/** What a key's calls add up to, and how they spread over time. */
export function KeyUsageView({ project, id }: { project: string; id: string }) {
  const [range, setRange] = useState<KeyUsageRange>('7d');
  const [measure, setMeasure] = useState<KeyMeasure>('requests');
  const usage = useQuery(oneKeyUsageQuery(project, id, range));
  return (
    <section aria-label="Usage" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Segmented label="Measure" value={measure} options={measures} onChange={setMeasure} />
        <Segmented label="Range" value={range} options={ranges} onChange={setRange} />
      </div>
      {usage.isError && usage.data === undefined ? (
        <Failed message={usage.error.message} onRetry={() => usage.refetch()} />
      ) : null}
      {usage.isPending ? <Skeleton className="h-96 rounded-xl" /> : null}
      {usage.data === undefined ? null : <Content usage={usage.data} measure={measure} />}
    </section>
  );
}

function Content({ usage: { usage, times }, measure }: { usage: OneKeyUsage; measure: KeyMeasure }) {
  const failed = usage.requests === 0 ? '' : ` (${formatShare(usage.errors / usage.requests)})`;
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        <Figure name="Calls" value={formatCount(usage.requests)} />
        <Figure name="Failed" value={`${formatCount(usage.errors)}${failed}`} />
        <Figure
          name="Tokens in / out"
          value={`${formatCount(usage.input_tokens)} / ${formatCount(usage.output_tokens)}`}
        />
        <Figure name="Cost" value={formatMoney(usage.cost)} />
      </dl>
      <Card className="p-4">
        {usage.requests === 0 ? (
          <p className="grid h-[260px] place-items-center text-soft text-sm">No call in this range.</p>
        ) : (
          <Suspense fallback={<Skeleton className="h-[260px]" />}>
            <KeyChart times={times} usage={usage} measure={measure} />
          </Suspense>
        )}
      </Card>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <Card className="min-w-0 px-4 py-3">
      <dt className="text-soft text-xs">{name}</dt>
      <dd className="truncate font-semibold text-base tabular-nums" title={value}>
        {value}
      </dd>
    </Card>
  );
}
