import type { KeyStatus } from '@app/contract';
import type { KeyFilter } from '../../api/keys.ts';
import { FilterChip } from '../../ui/filter-chip.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const statuses: readonly { value: KeyStatus | 'all'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'expiring', label: 'Expiring' },
  { value: 'expired', label: 'Expired' },
  { value: 'revoked', label: 'Revoked' },
];
const modes = [
  { value: 'all', label: 'Live and test' },
  { value: 'live', label: 'Live' },
  { value: 'test', label: 'Test' },
] as const;
const kinds = [
  { value: 'all', label: 'All kinds' },
  { value: 'gateway', label: 'Calls' },
  { value: 'ingest', label: 'Traces' },
] as const;

type Props = {
  filter: KeyFilter;
  /** Whether `/` moves to the search: not while something lies over the page. */
  hasShortcut: boolean;
  onChange: (changed: KeyFilter) => void;
};

export function KeyFilters({ filter, hasShortcut, onChange }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2.5">
      <SearchField
        label="Search keys"
        placeholder="Search names"
        value={filter.name ?? ''}
        shortcut={hasShortcut ? '/' : undefined}
        onChange={(name) => onChange({ name: name === '' ? undefined : name.slice(0, NAME_CHARS_MAX) })}
      />
      <Segmented
        label="Status"
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
      <Segmented
        label="Purpose"
        value={filter.kind ?? 'all'}
        options={kinds}
        onChange={(kind) => onChange({ kind: kind === 'all' ? undefined : kind })}
      />
      {filter.owner === undefined ? null : (
        <FilterChip name="owner" value={filter.owner} onRemove={() => onChange({ owner: undefined })} />
      )}
      {filter.tag === undefined ? null : (
        <FilterChip name="tag" value={filter.tag} onRemove={() => onChange({ tag: undefined })} />
      )}
    </div>
  );
}

/** The server takes no longer name. */
const NAME_CHARS_MAX = 128;
