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
      ) : (
        <Content usage={usage.data} measure={measure} />
      )}
    </section>
  );
}

/** As high as the chart with its words, so that what stands below never moves from under a pointer. */
const CHART_HEIGHT = 'min-h-72';

type ContentProps = { usage: OneKeyUsage | undefined; measure: KeyMeasure };

/** Until the figures come their places are kept. */
function Content({ usage, measure }: ContentProps) {
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {figuresOf(usage?.usage).map(({ name, value }) => (
          <Figure key={name} name={name} value={value} />
        ))}
      </dl>
      <Card className="p-4">
        <div className={`grid ${CHART_HEIGHT}`}>
          <Chart usage={usage} measure={measure} />
        </div>
      </Card>
    </>
  );
}

function Chart({ usage, measure }: ContentProps) {
  const place = <Skeleton className={CHART_HEIGHT} />;
  if (usage === undefined) return place;
  if (usage.usage.requests === 0)
    return <p className="place-self-center text-soft text-sm">No call in this range.</p>;
  return (
    <Suspense fallback={place}>
      <KeyChart times={usage.times} usage={usage.usage} measure={measure} />
    </Suspense>
  );
}

function figuresOf(usage: OneKeyUsage['usage'] | undefined): { name: string; value: string | undefined }[] {
  const failed = !usage?.requests ? '' : ` (${formatShare(usage.errors / usage.requests)})`;
  return [
    { name: 'Calls', value: usage && formatCount(usage.requests) },
    { name: 'Failed', value: usage && `${formatCount(usage.errors)}${failed}` },
    {
      name: 'Tokens in / out',
      value: usage && `${formatCount(usage.input_tokens)} / ${formatCount(usage.output_tokens)}`,
    },
    { name: 'Cost', value: usage && formatMoney(usage.cost) },
  ];
}

function Figure({ name, value }: { name: string; value: string | undefined }) {
  return (
    <Card className="min-w-0 px-4 py-3">
      <dt className="text-soft text-xs">{name}</dt>
      <dd className="truncate font-semibold text-base tabular-nums" title={value}>
        {value ?? <Skeleton className="my-1 h-4 w-16" />}
      </dd>
    </Card>
  );
}
