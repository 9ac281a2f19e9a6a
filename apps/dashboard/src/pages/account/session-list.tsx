import type { AccountSession } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { accountQuery, endOtherSessions, endSession } from '../../api/account.ts';
import { signInMethodsQuery } from '../../api/sign-in.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { When } from '../../ui/when.tsx';
import { AccountSection } from './account-section.tsx';
import { deviceText } from './device-text.ts';

/** Where the person is signed in. Keys are something else: ending a session touches none. */
export function SessionList({ sessions }: { sessions: readonly AccountSession[] }) {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: accountQuery.queryKey });
  const ending = useMutation({ mutationFn: endSession, onSuccess });
  const endingOthers = useMutation({ mutationFn: endOtherSessions, onSuccess });
  const problem = ending.error ?? endingOthers.error;
  const ordered = sessions.toSorted((a, b) => Number(b.is_current) - Number(a.is_current));
  return (
    <AccountSection
      title="Sessions"
      lead="Where you are signed in. API keys are something else: ending a session touches none."
      action={
        sessions.length > 1 ? (
          <Button look="danger" isBusy={endingOthers.isPending} onClick={() => endingOthers.mutate()}>
            End all others
          </Button>
        ) : null
      }
    >
      {problem ? <Notice tone="bad">{problem.message}</Notice> : null}
      <ul className="divide-y divide-line">
        {ordered.map((session) => (
          <Row
            key={session.id}
            session={session}
            isBusy={ending.isPending && ending.variables === session.id}
            onEnd={() => ending.mutate(session.id)}
          />
        ))}
      </ul>
    </AccountSection>
  );
}

type RowProps = { session: AccountSession; isBusy: boolean; onEnd: () => void };

function Row({ session, isBusy, onEnd }: RowProps) {
  const { data: methods } = useQuery(signInMethodsQuery);
  const { user_agent, ip, method, created_at, last_active_at, is_current } = session;
  const way = methods?.providers.find(({ id }) => id === method)?.title ?? method;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 text-sm">
      <div className="flex min-w-0 flex-1 basis-60 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium wrap-anywhere">{deviceText(user_agent)}</span>
          {is_current ? <Badge tone="good">this one</Badge> : null}
        </p>
        <p className="text-faint text-xs wrap-anywhere">
          {ip ?? 'unknown address'} · {way === null ? '' : `by ${way}, `}since <When iso={created_at} />
          {last_active_at === null ? null : (
            <>
              {' '}
              · active <When iso={last_active_at} />
            </>
          )}
        </p>
      </div>
      {is_current ? null : (
        <Button look="quiet" isBusy={isBusy} onClick={onEnd} aria-label={`End ${deviceText(user_agent)}`}>
          End
        </Button>
      )}
    </li>
  );
}
