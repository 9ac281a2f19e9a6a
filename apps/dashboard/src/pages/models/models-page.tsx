import type { Analysis, Measure } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { analysisQuery } from '../../api/analysis.ts';
import { useEnvironment } from '../../api/use-environment.ts';
import { useProject } from '../../api/use-project.ts';
import { Card } from '../../ui/card.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatCount, formatDuration, formatShare, formatUsd } from '../../ui/format.ts';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { ROW_LINK } from '../../ui/row-link.ts';
import { ListPage } from '../shell/list-page.tsx';

const route = getRouteApi('/shell/model-usage');

type Group = Analysis['groups'][number];
type Figure = { measure: Measure; name: string; write: (value: number) => string };

const figures: Figure[] = [
  { measure: 'cost', name: 'Cost', write: formatUsd },
  { measure: 'calls', name: 'Calls', write: formatCount },
  { measure: 'error_rate', name: 'Failed', write: formatShare },
  { measure: 'input_tokens', name: 'Tokens in', write: formatCount },
  { measure: 'output_tokens', name: 'Tokens out', write: formatCount },
  { measure: 'cache_read_tokens', name: 'From cache', write: formatCount },
  { measure: 'ttft_p50_ms', name: 'First token p50', write: formatDuration },
  { measure: 'latency_p50_ms', name: 'p50', write: formatDuration },
  { measure: 'latency_p99_ms', name: 'p99', write: formatDuration },
];

/** Every model that was called: what it cost, how fast it was and how often it failed. */
export function ModelsPage() {
  const { range } = route.useSearch();
  const navigate = useNavigate({ from: '/model-usage' });
  const { id: project } = useProject();
  const environment = useEnvironment();
  const [order, setOrder] = useState<Measure>('cost');
  const analysis = useQuery(
    analysisQuery(project, {
      ...{ range, environment, order, by: ['model', 'provider'] },
      ...{ measures: figures.map(({ measure }) => measure), limit: 200 },
    }),
  );
  return (
    <ListPage
      title="Models"
      about="Every model that answered, by provider: cost, speed and failures side by side."
      range={range}
      onRange={(chosen) => navigate({ search: (kept) => ({ ...kept, range: chosen }), replace: true })}
    >
      {analysis.isPending ? <Skeleton className="h-96 rounded-xl" /> : null}
      {analysis.isError && analysis.data === undefined ? (
        <Failed message={analysis.error.message} onRetry={() => analysis.refetch()} />
      ) : null}
      {analysis.data === undefined ? null : analysis.data.groups.length === 0 ? (
        <NoModels />
      ) : (
        <DataTable
          label="Models"
          columns={columnsBy(order, setOrder)}
          rows={analysis.data.groups}
          keyOf={keyOf}
        />
      )}
    </ListPage>
  );
}

const keyOf = ({ keys }: Group): string => `${keys.provider}/${keys.model}`;

function columnsBy(order: Measure, onOrder: (measure: Measure) => void): Column<Group>[] {
  return [
    { name: 'Model', cell: ModelName, width: 'w-72' },
    ...figures.map(
      ({ measure, name, write }): Column<Group> => ({
        name,
        isNumber: true,
        isSorted: order === measure,
        onSort: () => onOrder(measure),
        cell: ({ measures }) => {
          const value = measures[measure];
          return value === null || value === undefined ? '–' : write(value);
        },
      }),
    ),
  ];
}

function ModelName({ keys: { model = '', provider = '' } }: Group) {
  const name = model === '' ? 'no model' : model;
  return (
    <Link to="/traces" search={model === '' ? {} : { model }} className={ROW_LINK} title={name}>
      <bdi className="font-medium">{name}</bdi> <span className="text-faint text-xs">{provider}</span>
    </Link>
  );
}

function NoModels() {
  return (
    <Card>
      <Empty title="No calls in this range">
        <p>Look at a longer time, or make the first call.</p>
      </Empty>
    </Card>
  );
}
