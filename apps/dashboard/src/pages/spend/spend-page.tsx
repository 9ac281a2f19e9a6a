import type { Analysis, Dimension } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { analysisQuery } from '../../api/analysis.ts';
import { useEnvironment } from '../../api/use-environment.ts';
import { useProject } from '../../api/use-project.ts';
import { Card } from '../../ui/card.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount, formatShare, formatUsd, formatUsdStep } from '../../ui/format.ts';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { ROW_LINK } from '../../ui/row-link.ts';
import { SERIES_COLOURS, TimeChart } from '../../ui/time-chart.tsx';
import { ListPage } from '../shell/list-page.tsx';
import { GroupChoice, type GroupName, groupFilter } from './group-choice.tsx';

const route = getRouteApi('/shell/spend');
/** The chart tells these apart; the table below it has all. */
const SERIES_MAX = SERIES_COLOURS.length;

/** What was spent over time, by whatever it is asked for. */
export function SpendPage() {
  const { range, by } = route.useSearch();
  const navigate = useNavigate({ from: '/spend' });
  const { id: project } = useProject();
  const environment = useEnvironment();
  const analysis = useQuery(
    analysisQuery(project, {
      ...{ range, environment, by: [by], series: 'cost', limit: 100 },
      measures: ['cost', 'calls', 'input_tokens', 'output_tokens', 'error_rate'],
    }),
  );
  const show = (changed: { range?: typeof range; by?: Dimension }) =>
    navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true, resetScroll: false });
  return (
    <ListPage
      title="Spend"
      about="Where the money goes. Calls that were seen by the gateway and by an SDK are counted once."
      range={range}
      onRange={(chosen) => show({ range: chosen })}
    >
      <GroupChoice value={by} onChange={(chosen) => show({ by: chosen })} />
      {analysis.isPending ? <Skeleton className="h-96 rounded-xl" /> : null}
      {analysis.isError && analysis.data === undefined ? (
        <Failed message={analysis.error.message} onRetry={() => analysis.refetch()} />
      ) : null}
      {analysis.data === undefined ? null : <Spent analysis={analysis.data} by={by} />}
    </ListPage>
  );
}

type SpentProps = { analysis: Analysis; by: GroupName };

function Spent({ analysis, by }: SpentProps) {
  const { groups, total, times } = analysis;
  if (groups.length === 0) {
    return (
      <Card>
        <Empty title="Nothing was spent in this range">
          <p>Calls with test keys cost nothing.</p>
        </Empty>
      </Card>
    );
  }
  return (
    <>
      <Card className="flex flex-col gap-4 p-4 lg:p-5">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-semibold text-2xl tabular-nums tracking-tight">
            {formatUsd(total.cost ?? 0)}
          </span>
          <span className="text-soft text-sm tabular-nums">in {formatCount(total.calls ?? 0)} calls</span>
        </p>
        <Chart groups={groups} times={times} by={by} />
      </Card>
      <DataTable
        label={`Spend by ${by}`}
        columns={columnsOf(by, total.cost ?? 0)}
        rows={groups}
        keyOf={(group) => group.keys[by] ?? ''}
      />
      {analysis.is_cut ? (
        <p className="self-center text-faint text-xs">The {groups.length} largest of more.</p>
      ) : null}
    </>
  );
}

function Chart({ groups, times, by }: Pick<Analysis, 'groups' | 'times'> & { by: GroupName }) {
  const series = useMemo(
    () =>
      groups.slice(0, SERIES_MAX).map(({ keys, series: values = [] }) => ({
        label: keys[by] ?? '',
        values: values.map((value) => value ?? 0),
      })),
    [groups, by],
  );
  const [at, setAt] = useState<number>();
  return (
    <>
      <TimeChart
        times={times}
        series={series}
        format={formatUsdStep}
        label={`Spend over time by ${by}: ${series.map((one) => one.label).join(', ')}`}
        onHover={setAt}
      />
      <ul className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {series.map(({ label, values }, place) => (
          <li key={label} className="flex min-w-0 items-center gap-2">
            <svg viewBox="0 0 10 10" aria-hidden="true" className="size-2.5 shrink-0">
              <rect width="10" height="10" rx="2.5" fill={SERIES_COLOURS[place]} />
            </svg>
            <bdi className="max-w-52 truncate">{label === '' ? 'none' : label}</bdi>
            {at === undefined ? null : (
              <span className="text-soft tabular-nums">{formatUsd(values[at] ?? 0)}</span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function columnsOf(by: GroupName, whole: number): Column<Analysis['groups'][number]>[] {
  return [
    {
      name: 'Of',
      cell: ({ keys }) => {
        const value = keys[by] ?? '';
        if (value === '') return <span className="text-soft">none</span>;
        return (
          <Link to="/traces" search={{ filter: groupFilter(by, value) }} className={ROW_LINK} title={value}>
            <bdi>{value}</bdi>
          </Link>
        );
      },
    },
    { name: 'Cost', isNumber: true, width: 'w-32', cell: ({ measures }) => formatUsd(measures.cost ?? 0) },
    {
      name: 'Share',
      isNumber: true,
      width: 'w-24',
      cell: ({ measures }) => (whole === 0 ? '–' : formatShare((measures.cost ?? 0) / whole)),
    },
    {
      name: 'Calls',
      isNumber: true,
      width: 'w-28',
      cell: ({ measures }) => formatCount(measures.calls ?? 0),
    },
    {
      name: 'Tokens in / out',
      isNumber: true,
      width: 'w-40',
      cell: ({ measures }) =>
        `${formatCount(measures.input_tokens ?? 0)} / ${formatCount(measures.output_tokens ?? 0)}`,
    },
    {
      name: 'Failed',
      isNumber: true,
      width: 'w-24',
      cell: ({ measures }) => formatShare(measures.error_rate ?? 0),
    },
  ];
}
