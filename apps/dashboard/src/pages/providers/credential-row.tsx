import type { ProviderCredential, ProviderCredentialCheck } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { checkCredential } from '../../api/credentials.ts';
import { Badge } from '../../ui/badge.tsx';
import { formatRelative, formatShare } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';

type Props = {
  project: string;
  row: ProviderCredential;
  /** Of the provider's calls; undefined while it waits for others to rest or fail. */
  share: number | undefined;
  onEdit: () => void;
  onDelete: () => void;
};

const tones = { ready: 'good', cooling: 'warn', disabled: 'neutral', unresolved: 'bad' } as const;
const words = { ready: 'ready', cooling: 'resting', disabled: 'off', unresolved: 'not usable' } as const;

export function CredentialRow({ project, row, share, onEdit, onDelete }: Props) {
  const queries = useQueryClient();
  const checking = useMutation({
    mutationFn: () => checkCredential(project, row.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['credentials', project] }),
  });
  const actions = [
    { label: 'Check with the provider', run: () => checking.mutate() },
    { label: 'Edit or replace', run: onEdit },
    { label: 'Delete', isDanger: true, run: onDelete },
  ];
  return (
    <li className="flex flex-col gap-3 py-3.5 pr-2 pl-4 text-sm lg:pl-5">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 gap-y-2 lg:grid-cols-[minmax(0,1fr)_9rem_auto]">
        <div className="flex min-w-0 flex-col gap-1">
          <p className="flex min-w-0 flex-wrap items-center gap-2">
            <span className="min-w-0 truncate font-medium" title={row.name}>
              {row.name}
            </span>
            <Badge tone={tones[row.status]}>{words[row.status]}</Badge>
            {row.project_id === null ? <Badge>every project</Badge> : null}
          </p>
          <p className="text-soft text-xs wrap-anywhere">{whereabouts(row)}</p>
          <Trouble row={row} />
        </div>
        <p className="order-3 col-span-2 text-soft text-xs tabular-nums lg:order-2 lg:col-span-1 lg:text-right">
          {share === undefined ? waiting(row) : `${formatShare(share)} of calls`}
          <span className="lg:hidden"> · </span>
          <span className="text-faint lg:block">weight {row.weight}</span>
        </p>
        <div className="-my-1 order-2 lg:order-3">
          {row.source === 'file' ? null : (
            <RowMenu label={`Actions for ${row.name} of ${row.provider}`} actions={actions} />
          )}
        </div>
      </div>
      {checking.isPending ? <Notice tone="info">Asking {row.provider} …</Notice> : null}
      {checking.error ? <Notice tone="bad">{checking.error.message}</Notice> : null}
      {checking.data ? <Said check={checking.data} /> : null}
    </li>
  );
}

function Said({ check: { ok, message } }: { check: ProviderCredentialCheck }) {
  return <Notice tone={ok === null ? 'warn' : ok ? 'good' : 'bad'}>{message}</Notice>;
}

function Trouble({ row }: { row: ProviderCredential }) {
  const { last_error: error, cooling_until: until } = row;
  if (error === null && until === null) return null;
  return (
    <p className={`text-xs wrap-anywhere ${row.status === 'unresolved' ? 'text-bad' : 'text-warn'}`}>
      {error}
      {until === null ? '' : ` It is tried again ${formatRelative(until)}.`}
    </p>
  );
}

/** Why a key gets no calls now. */
function waiting({ status, weight }: ProviderCredential): string {
  if (status !== 'ready') return 'no calls now';
  return weight === 0 ? 'in reserve' : 'after the project’s own';
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
