import { AuditAction, type AuditOutcome } from '@app/contract';
import type { AuditFilter } from '../../api/audit.ts';
import { FilterChip } from '../../ui/filter-chip.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { auditText } from './audit-text.ts';

const outcomes: readonly { value: AuditOutcome | 'all'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'done', label: 'Done' },
  { value: 'refused', label: 'Refused' },
  { value: 'failed', label: 'Failed' },
];
const spans = [
  { value: 'all', label: 'Ever' },
  { value: '1', label: '24 h' },
  { value: '7', label: '7 d' },
  { value: '30', label: '30 d' },
] as const;
const DAY_MS = 86_400_000;
/** A beginning in the address is somebody's choice; these are said as what they are, to the hour. */
const HOUR_MS = 3_600_000;

type Props = {
  filter: AuditFilter;
  /** Whether `/` moves to the search: not while something lies over the page. */
  hasShortcut: boolean;
  onChange: (changed: AuditFilter) => void;
};

export function AuditFilters({ filter, hasShortcut, onChange }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2.5">
      <SearchField
        label="Search who did it"
        placeholder="E-mail address or id of who did it"
        value={filter.actor ?? ''}
        shortcut={hasShortcut ? '/' : undefined}
        onChange={(actor) => onChange({ actor: actor.trim() === '' ? undefined : actor.trim() })}
      />
      <ActionChoice value={filter.action} onChange={(action) => onChange({ action })} />
      <Segmented
        label="Outcome"
        value={filter.outcome ?? 'all'}
        options={outcomes}
        onChange={(outcome) => onChange({ outcome: outcome === 'all' ? undefined : outcome })}
      />
      <Segmented
        label="Since"
        value={spanOf(filter.from)}
        options={spans}
        onChange={(days) => onChange({ from: days === 'all' ? undefined : startOf(Number(days)) })}
      />
      {filter.target === undefined ? null : (
        <FilterChip name="target" value={filter.target} onRemove={() => onChange({ target: undefined })} />
      )}
      {filter.ip === undefined ? null : (
        <FilterChip name="address" value={filter.ip} onRemove={() => onChange({ ip: undefined })} />
      )}
    </div>
  );
}

type ActionProps = { value: AuditAction | undefined; onChange: (value: AuditAction | undefined) => void };

function ActionChoice({ value, onChange }: ActionProps) {
  return (
    <label>
      <span className="sr-only">What was done</span>
      <select
        value={value ?? ''}
        onChange={(event) => onChange(AuditAction.safeParse(event.target.value).data)}
        className="h-9 w-full rounded-lg border border-field bg-surface px-2.5 text-sm sm:w-60"
      >
        <option value="">Whatever was done</option>
        {AuditAction.options.map((action) => (
          <option key={action} value={action}>
            {auditText(action)}
          </option>
        ))}
      </select>
    </label>
  );
}

const startOf = (days: number): string =>
  new Date(Math.floor((Date.now() - days * DAY_MS) / HOUR_MS) * HOUR_MS).toISOString();

function spanOf(from: string | undefined): (typeof spans)[number]['value'] {
  if (from === undefined) return 'all';
  const days = Math.floor((Date.now() - Date.parse(from)) / DAY_MS);
  return days <= 1 ? '1' : days <= 7 ? '7' : '30';
}
