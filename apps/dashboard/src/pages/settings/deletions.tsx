import type { Deletion } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { deletionsQuery } from '../../api/retention.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { When } from '../../ui/when.tsx';
import { DeleteData } from './delete-data.tsx';

/** What was deleted on request, with the receipts. */
export function Deletions({ project, mayWrite }: { project: string; mayWrite: boolean }) {
  const [isAsking, setIsAsking] = useState(false);
  const deletions = useQuery(deletionsQuery(project));
  return (
    <section aria-labelledby="deletions" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="deletions" className="font-semibold text-base">
          Deleted on request
        </h2>
        {mayWrite ? (
          <Button look="danger" onClick={() => setIsAsking(true)}>
            <Trash2 aria-hidden="true" className="size-4" /> Delete data
          </Button>
        ) : null}
      </div>
      {deletions.isPending ? <Skeleton className="h-24 rounded-xl" /> : null}
      {deletions.isError && deletions.data === undefined ? (
        <Failed message={deletions.error.message} onRetry={() => deletions.refetch()} />
      ) : null}
      {deletions.data === undefined ? null : <Rows rows={deletions.data.data} />}
      {isAsking ? <DeleteData project={project} onClose={() => setIsAsking(false)} /> : null}
    </section>
  );
}

function Rows({ rows }: { rows: readonly Deletion[] }) {
  const shown = rows.filter(({ dry_run }) => !dry_run);
  if (shown.length === 0) {
    return (
      <Card className="px-5 py-6 text-soft text-sm">
        Nothing yet. A deletion by user, session, tag, trace or time covers every store, and ends with a
        signed receipt.
      </Card>
    );
  }
  return (
    <Card>
      <ol className="divide-y divide-line">
        {shown.map((deletion) => (
          <Row key={deletion.id} deletion={deletion} />
        ))}
      </ol>
    </Card>
  );
}

function Row({ deletion }: { deletion: Deletion }) {
  const { state, filter, deleted, progress, requested_at, receipt, error } = deletion;
  const isOver = state === 'done' || state === 'failed';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5 text-sm lg:px-5">
      <Badge tone={state === 'done' ? 'good' : state === 'failed' ? 'bad' : 'accent'}>
        {isOver ? state : `${state} ${Math.floor(progress * 100)} %`}
      </Badge>
      <div className="flex min-w-0 flex-1 basis-60 flex-col gap-0.5">
        <p className="font-medium wrap-anywhere">{filterText(filter)}</p>
        <p className="text-faint text-xs tabular-nums">
          <When iso={requested_at} /> · {deleted.traces.toLocaleString('en-US')} traces,{' '}
          {deleted.contents.toLocaleString('en-US')} contents, {deleted.responses.toLocaleString('en-US')}{' '}
          responses, {formatBytes(deleted.bytes)}
        </p>
        {error === null ? null : <p className="text-bad text-xs wrap-anywhere">{error}</p>}
      </div>
      {receipt === null ? null : (
        <CopyButton text={() => JSON.stringify(receipt, null, 2)} label="Copy the receipt" />
      )}
    </li>
  );
}

const names = { trace_id: 'trace', user: 'user', session: 'session', tag: 'tag', from: 'from', to: 'to' };

function filterText(filter: Deletion['filter']): string {
  const parts = Object.entries(names).flatMap(([field, name]) => {
    const value = Object.entries(filter).find(([each]) => each === field)?.[1];
    if (value === undefined) return [];
    return [`${name} ${field === 'from' || field === 'to' ? value.slice(0, 10) : value}`];
  });
  return parts.length === 0 ? 'everything' : parts.join(', ');
}
