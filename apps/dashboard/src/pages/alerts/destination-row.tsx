import type { Destination } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';
import { When } from '../../ui/when.tsx';

type Props = {
  destination: Destination;
  mayWrite: boolean;
  isBusy: boolean;
  onTest: () => void;
  onEdit: () => void;
  onDelete: () => void;
};

const kinds = { webhook: 'webhook', slack: 'Slack', email: 'e-mail' };

export function DestinationRow({ destination, mayWrite, isBusy, onTest, onEdit, onDelete }: Props) {
  const { name, kind, target, budget_notices, last_delivery } = destination;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-4 lg:px-5">
      <div className="flex min-w-0 flex-1 basis-60 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h2 className="min-w-0 truncate font-semibold text-sm" title={name}>
            {name}
          </h2>
          <Badge>{kinds[kind]}</Badge>
          {budget_notices ? <Badge tone="accent">budgets too</Badge> : null}
        </div>
        <p className="font-mono text-soft text-xs wrap-anywhere">{target}</p>
        <p className="text-faint text-xs wrap-anywhere">
          {last_delivery === null ? (
            'Nothing was sent yet.'
          ) : (
            <>
              {last_delivery.ok ? 'Reached' : 'Not reached'} <When iso={last_delivery.at} />
              {last_delivery.error === null ? '' : `: ${last_delivery.error}`}
            </>
          )}
        </p>
      </div>
      {mayWrite ? (
        <div className="flex items-center gap-1">
          <Button isBusy={isBusy} onClick={onTest}>
            Send a test
          </Button>
          <RowMenu
            label={`Actions for ${name}`}
            actions={[
              { label: 'Edit', run: onEdit },
              { label: 'Delete', isDanger: true, run: onDelete },
            ]}
          />
        </div>
      ) : null}
    </li>
  );
}
