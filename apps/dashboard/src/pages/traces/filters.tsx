import { Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TraceFilter } from '../../api/traces.ts';
import { Segmented } from '../../ui/segmented.tsx';

const SEARCH_DELAY_MS = 250;
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
/** Filters that are set by choosing a value elsewhere on the page, shown here to be taken away. */
const chips = ['model', 'key_id', 'user_id'] as const;
const chipNames = { model: 'model', key_id: 'key', user_id: 'user' };

type Props = { filter: TraceFilter; onChange: (changed: TraceFilter) => void };

export function Filters({ filter, onChange }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2.5">
      <SearchField
        value={filter.search ?? ''}
        onChange={(search) => onChange({ search: search === '' ? undefined : search })}
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
      {chips.map((name) => (
        <Chip
          key={name}
          name={chipNames[name]}
          value={filter[name]}
          onRemove={() => onChange({ [name]: undefined })}
        />
      ))}
    </div>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <label className="relative w-full sm:w-80">
      <span className="sr-only">Search traces</span>
      <Search aria-hidden="true" className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint" />
      <input
        type="search"
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        placeholder="Search text, ids, models, errors"
        className="h-9 w-full rounded-lg border border-line-strong bg-surface pr-3 pl-9 text-sm placeholder:text-faint"
      />
    </label>
  );
}

function Chip({ name, value, onRemove }: { name: string; value: string | undefined; onRemove: () => void }) {
  if (value === undefined) return null;
  return (
    <span className="inline-flex h-8 items-center gap-1.5 rounded-lg bg-accent-soft pr-1 pl-2.5 text-accent-strong text-xs">
      {name}: <span className="max-w-40 truncate font-medium">{value}</span>
      <button
        type="button"
        aria-label={`Remove the filter ${name}`}
        onClick={onRemove}
        className="rounded p-1 hover:bg-surface"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </span>
  );
}
