import type { Alert } from '@app/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type AlertPlace, alertsQuery, deleteAlert, updateAlert } from '../../api/alerts.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { AlertEditor } from './alert-editor.tsx';
import { AlertRow } from './alert-row.tsx';

type Props = {
  place: AlertPlace;
  organization: string | undefined;
  /** Absent for who may only read. */
  onCreate: (() => void) | undefined;
};

type Step = { name: 'edit' | 'delete'; alert: Alert } | undefined;

/** The rules, those that fire first. */
export function AlertList({ place, organization, onCreate }: Props) {
  const [step, setStep] = useState<Step>();
  const [problem, setProblem] = useState<string>();
  const queries = useQueryClient();
  const alerts = useQuery(alertsQuery(place));
  if (alerts.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (alerts.isError && alerts.data === undefined) {
    return <Failed message={alerts.error.message} onRetry={() => alerts.refetch()} />;
  }
  const rows = alerts.data.data.toSorted((a, b) => rank(a) - rank(b));
  if (rows.length === 0) return <NoAlert onCreate={onCreate} />;
  const close = () => setStep(undefined);
  const change = async (work: Promise<unknown>) => {
    setProblem(undefined);
    await work.catch((error: Error) => setProblem(error.message));
    await queries.invalidateQueries({ queryKey: ['alerts'] });
  };
  return (
    <>
      {problem === undefined ? null : <Notice tone="bad">{problem}</Notice>}
      <Card>
        <ul className="divide-y divide-line">
          {rows.map((alert) => (
            <AlertRow
              key={alert.id}
              alert={alert}
              mayWrite={onCreate !== undefined}
              onEdit={() => setStep({ name: 'edit', alert })}
              onSwitch={() => change(updateAlert(place, alert.id, { enabled: !alert.enabled }))}
              onDelete={() => setStep({ name: 'delete', alert })}
            />
          ))}
        </ul>
      </Card>
      {step?.name === 'edit' ? (
        <AlertEditor place={place} organization={organization} alert={step.alert} onClose={close} />
      ) : null}
      {step?.name === 'delete' ? (
        <Confirm
          title={`Delete “${step.alert.name}”?`}
          lead="Nobody is told any more. What it told so far stays in the history."
          action="Delete alert"
          run={async () => {
            await deleteAlert(place, step.alert.id);
            await queries.invalidateQueries({ queryKey: ['alerts'] });
          }}
          onClose={close}
        />
      ) : null}
    </>
  );
}

const rank = ({ state }: Alert): number => ['firing', 'ok', 'no_data', 'paused'].indexOf(state);

function NoAlert({ onCreate }: { onCreate: (() => void) | undefined }) {
  return (
    <Card>
      <Empty title="No alert yet">
        <p>
          An alert watches spend, errors, latency, tokens or refused calls of a project, a key, a user or a
          model, a key that is used from a new network, or what is done in the organization. It tells a
          webhook, Slack or people by e-mail.
        </p>
        {onCreate === undefined ? null : (
          <Button look="primary" onClick={onCreate}>
            New alert
          </Button>
        )}
      </Empty>
    </Card>
  );
}
