import type { OverviewRange } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { keyNamesQuery } from '../../api/keys.ts';
import type { TraceFilter } from '../../api/traces.ts';
import { FilterChip } from '../../ui/filter-chip.tsx';
import { formatTime } from '../../ui/format.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { FilterField } from './filter-field.tsx';

const kinds = [
  { value: 'calls', label: 'Calls' },
  { value: 'traces', label: 'Traces' },
  { value: 'spans', label: 'Spans' },
] as const;
const statuses = [
  { value: 'all', label: 'All' },
  { value: 'ok', label: 'Ok' },
  { value: 'error', label: 'Errors' },
] as const;
const modes = [
  { value: 'all', label: 'Live and test' },
  { value: 'live', label: 'Live' },
  { value: 'test', label: 'Test' },
] as const;
const ranges: readonly { value: OverviewRange | 'all'; label: string }[] = [
  { value: '1h', label: '1 h' },
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
  { value: '30d', label: '30 d' },
  { value: 'all', label: 'All time' },
];

type Props = {
  project: string;
  filter: TraceFilter;
  /** What the limit of the filter is called, where a trace tells it. */
  limitName: string | undefined;
  /** Whether `/` moves to the search: not while something lies over the page. */
  hasShortcut: boolean;
  onChange: (changed: TraceFilter) => void;
};

export function Filters({ project, filter, limitName, hasShortcut, onChange }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2.5">
      <SearchField
        label="Search traces"
        placeholder="Search text, ids, models, errors"
        value={filter.search ?? ''}
        shortcut={hasShortcut ? '/' : undefined}
        onChange={(search) => onChange({ search: search === '' ? undefined : search })}
      />
      <Segmented
        label="Rows"
        value={filter.of ?? 'calls'}
        options={kinds}
        onChange={(of) => onChange({ of: of === 'calls' ? undefined : of })}
      />
      <Segmented
        label="Time"
        value={filter.range ?? 'all'}
        options={ranges}
        onChange={(range) =>
          onChange({ range: range === 'all' ? undefined : range, from: undefined, to: undefined })
        }
      />
      <Segmented
        label="Outcome"
        value={filter.status ?? 'all'}
        options={statuses}
        onChange={(status) => onChange({ status: status === 'all' ? undefined : status })}
      />
      <Segmented
        label="Mode"
        value={filter.mode ?? 'all'}
        options={modes}
        onChange={(mode) => onChange({ mode: mode === 'all' ? undefined : mode })}
      />
      <FilterField value={filter.filter} onChange={(text) => onChange({ filter: text })} />
      <Chips project={project} filter={filter} limitName={limitName} onChange={onChange} />
    </div>
  );
}

/** Filters that are set by choosing a value elsewhere, shown here to be taken away. */
function Chips({ project, filter, limitName, onChange }: Omit<Props, 'hasShortcut'>) {
  const keyId = filter.key_id;
  const names = useQuery({ ...keyNamesQuery(project), enabled: keyId !== undefined });
  const chips: { field: keyof TraceFilter; name: string; value: string | undefined }[] = [
    { field: 'model', name: 'model', value: filter.model },
    { field: 'key_id', name: 'key', value: keyId && (names.data?.get(keyId) ?? keyId) },
    { field: 'user_id', name: 'user', value: filter.user_id },
    { field: 'session', name: 'session', value: filter.session },
    { field: 'tag', name: 'tag', value: filter.tag },
    { field: 'limit_id', name: 'refused by', value: filter.limit_id && (limitName ?? filter.limit_id) },
    { field: 'from', name: 'from', value: filter.from && formatTime(filter.from) },
    { field: 'to', name: 'until', value: filter.to && formatTime(filter.to) },
  ];
  return chips.map(({ field, name, value }) =>
    value === undefined ? null : (
      <FilterChip key={field} name={name} value={value} onRemove={() => onChange({ [field]: undefined })} />
    ),
  );
}
