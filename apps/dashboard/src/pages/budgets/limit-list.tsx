import type { Limit } from '@app/contract';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keyNamesQuery } from '../../api/keys.ts';
import { deleteLimit, limitsQuery } from '../../api/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { LimitEditor } from './limit-editor.tsx';
import { LimitRow } from './limit-row.tsx';

type Step = { name: 'edit' | 'delete'; limit: Limit } | undefined;

type Props = { project: string; mayWrite: boolean; onCreate: () => void };

export function LimitList({ project, mayWrite, onCreate }: Props) {
  const [step, setStep] = useState<Step>();
  const queries = useQueryClient();
  const limits = useInfiniteQuery(limitsQuery(project));
  const { data: keyNames } = useQuery(keyNamesQuery(project));
  if (limits.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (limits.isError && limits.data === undefined) {
    return <Failed message={limits.error.message} onRetry={() => limits.refetch()} />;
  }
  const rows = limits.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) return <NoLimit onCreate={mayWrite ? onCreate : undefined} />;
  const close = () => setStep(undefined);
  const remove = async (limit: Limit) => {
    await deleteLimit(project, limit.id);
    await queries.invalidateQueries({ queryKey: ['limits', project] });
  };
  return (
    <>
      <Card>
        <ul className="divide-y divide-line">
          {rows.map((limit) => (
            <LimitRow
              key={limit.id}
              limit={limit}
              keyNames={keyNames}
              mayWrite={mayWrite}
              onEdit={() => setStep({ name: 'edit', limit })}
              onDelete={() => setStep({ name: 'delete', limit })}
            />
          ))}
        </ul>
      </Card>
      {limits.hasNextPage ? (
        <Button
          onClick={() => limits.fetchNextPage()}
          isBusy={limits.isFetchingNextPage}
          className="self-center"
        >
          Load more limits
        </Button>
      ) : null}
      {step?.name === 'edit' ? <LimitEditor project={project} limit={step.limit} onClose={close} /> : null}
      {step?.name === 'delete' ? (
        <Confirm
          title={`Delete “${step.limit.name}”?`}
          lead="From now on it holds nobody back."
          action="Delete limit"
          run={() => remove(step.limit)}
          onClose={close}
        />
      ) : null}
    </>
  );
}

function NoLimit({ onCreate }: { onCreate: (() => void) | undefined }) {
  return (
    <Card>
      <Empty title="No limit but those of the keys">
        <p>
          Each key has its own requests per minute and calls at once. A limit here holds for the project, or
          for each user, model or tag: requests, tokens, calls at once or cost, by minute, hour, day or month.
        </p>
        {onCreate === undefined ? null : (
          <Button look="primary" onClick={onCreate}>
            New limit
          </Button>
        )}
      </Empty>
    </Card>
  );
}
