import type { ProviderCredential } from '@app/contract';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CredentialRow } from './credential-row.tsx';
import { shareOfCalls } from './share-of-calls.ts';

type Props = {
  project: string;
  provider: string;
  rows: readonly ProviderCredential[];
  onAdd: () => void;
  onEdit: (credential: ProviderCredential) => void;
  onDelete: (credential: ProviderCredential) => void;
};

/** The keys of one provider, with each one's share of the calls. */
export function ProviderCard({ project, provider, rows, onAdd, onEdit, onDelete }: Props) {
  const shares = shareOfCalls(rows);
  return (
    <Card>
      <header className="flex items-center justify-between gap-3 border-line border-b py-2 pr-2 pl-4 lg:pl-5">
        <h2 className="truncate font-semibold text-base">{provider}</h2>
        <Button look="quiet" onClick={onAdd} aria-label={`Add a key of ${provider}`}>
          Add another
        </Button>
      </header>
      <ul className="divide-y divide-line">
        {rows.map((row) => (
          <CredentialRow
            key={row.id}
            project={project}
            row={row}
            share={shares.get(row.id)}
            onEdit={() => onEdit(row)}
            onDelete={() => onDelete(row)}
          />
        ))}
      </ul>
    </Card>
  );
}
