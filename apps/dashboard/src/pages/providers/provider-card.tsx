import type { ProviderCredential } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatRelative, formatShare } from '../../ui/format.ts';

type Props = {
  provider: string;
  rows: readonly ProviderCredential[];
  onAdd: () => void;
  onEdit: (credential: ProviderCredential) => void;
  onDelete: (credential: ProviderCredential) => void;
};

/** The keys of one provider, with each one's share of the calls. */
export function ProviderCard({ provider, rows, onAdd, onEdit, onDelete }: Props) {
  const total = rows.reduce((sum, row) => sum + weightOf(row), 0);
  return (
    <Card>
      <header className="flex items-center justify-between gap-3 border-line border-b px-4 py-3 lg:px-5">
        <h2 className="truncate font-semibold text-base">{provider}</h2>
        <Button look="quiet" onClick={onAdd} aria-label={`Add a key of ${provider}`}>
          Add another
        </Button>
      </header>
      <ul className="divide-y divide-line">
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            share={total === 0 ? 0 : weightOf(row) / total}
            onEdit={() => onEdit(row)}
            onDelete={() => onDelete(row)}
          />
        ))}
      </ul>
    </Card>
  );
}

const weightOf = ({ enabled, weight }: ProviderCredential): number => (enabled ? weight : 0);

const tones = { ready: 'good', cooling: 'warn', disabled: 'neutral', unresolved: 'bad' } as const;
const words = { ready: 'ready', cooling: 'resting', disabled: 'off', unresolved: 'not found' } as const;

type RowProps = { row: ProviderCredential; share: number; onEdit: () => void; onDelete: () => void };

function Row({ row, share, onEdit, onDelete }: RowProps) {
  const isFile = row.source === 'file';
  return (
    <li className="flex flex-wrap items-center gap-x-5 gap-y-2 px-4 py-3.5 text-sm lg:px-5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-2">
          <span className="truncate font-medium">{row.name}</span>
          <Badge tone={tones[row.status]}>{words[row.status]}</Badge>
          {row.project_id === null ? <Badge>every project</Badge> : null}
        </p>
        <p className="text-soft text-xs wrap-anywhere">{whereabouts(row)}</p>
        {row.last_error === null ? null : <p className="text-warn text-xs wrap-anywhere">{row.last_error}</p>}
      </div>
      <p className="w-28 text-soft text-xs tabular-nums">
        {formatShare(share)} of calls
        <span className="block text-faint">weight {row.weight}</span>
      </p>
      <div className="flex gap-1">
        {isFile ? null : (
          <>
            <Button look="quiet" onClick={onEdit} aria-label={`Edit ${row.name} of ${row.provider}`}>
              Edit
            </Button>
            <Button look="quiet" onClick={onDelete} aria-label={`Delete ${row.name} of ${row.provider}`}>
              Delete
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

/** Where its secret is, and when it changed. */
function whereabouts(row: ProviderCredential): string {
  if (row.source === 'file') return 'from the configuration file';
  const when = `${row.rotated_at === null ? 'added' : 'replaced'} ${formatRelative(row.rotated_at ?? row.created_at)}`;
  if (row.source === 'reference') return `found through “${row.reference}”, ${when}`;
  return row.last_four === null
    ? `kept encrypted, ${when}`
    : `kept encrypted, ends in ${row.last_four}, ${when}`;
}
