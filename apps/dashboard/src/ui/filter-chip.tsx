import { X } from 'lucide-react';

type Props = { name: string; value: string; onRemove: () => void };

/** A filter that was set elsewhere, shown to be taken away. */
export function FilterChip({ name, value, onRemove }: Props) {
  return (
    <span className="inline-flex h-8 items-center gap-1.5 rounded-lg bg-accent-soft pr-1 pl-2.5 text-accent-strong text-xs">
      {name}:{' '}
      <span className="max-w-48 truncate font-medium" title={value}>
        {value}
      </span>
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
