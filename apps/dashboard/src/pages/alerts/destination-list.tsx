import type { Destination } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteDestination, destinationsQuery, testDestination } from '../../api/destinations.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { DestinationEditor } from './destination-editor.tsx';
import { DestinationRow } from './destination-row.tsx';

type Props = { organization: string; onCreate: (() => void) | undefined };
type Step = { name: 'edit' | 'delete'; destination: Destination } | undefined;

/** Where messages of the organization go. */
export function DestinationList({ organization, onCreate }: Props) {
  const [step, setStep] = useState<Step>();
  const queries = useQueryClient();
  const destinations = useQuery(destinationsQuery(organization));
  const refresh = () => queries.invalidateQueries({ queryKey: ['destinations', organization] });
  const testing = useMutation({
    mutationFn: (destination: Destination) => testDestination(organization, destination.id),
    onSettled: refresh,
  });
  if (destinations.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (destinations.isError && destinations.data === undefined) {
    return <Failed message={destinations.error.message} onRetry={() => destinations.refetch()} />;
  }
  const rows = destinations.data.data;
  if (rows.length === 0) return <NoDestination onCreate={onCreate} />;
  return (
    <>
      <TestOutcome testing={testing} />
      <Card>
        <ul className="divide-y divide-line">
          {rows.map((destination) => (
            <DestinationRow
              key={destination.id}
              destination={destination}
              mayWrite={onCreate !== undefined}
              isBusy={testing.isPending && testing.variables.id === destination.id}
              onTest={() => testing.mutate(destination)}
              onEdit={() => setStep({ name: 'edit', destination })}
              onDelete={() => setStep({ name: 'delete', destination })}
            />
          ))}
        </ul>
      </Card>
      {step?.name === 'edit' ? (
        <DestinationEditor
          organization={organization}
          destination={step.destination}
          onClose={() => setStep(undefined)}
        />
      ) : null}
      {step?.name === 'delete' ? (
        <Confirm
          title={`Delete “${step.destination.name}”?`}
          lead="Alerts that go there alone will tell nobody."
          action="Delete destination"
          run={() => deleteDestination(organization, step.destination.id).then(refresh)}
          onClose={() => setStep(undefined)}
        />
      ) : null}
    </>
  );
}

type Testing = {
  error: Error | null;
  data: { ok: boolean; error: string | null } | undefined;
  variables: Destination | undefined;
};

function TestOutcome({ testing: { error, data, variables } }: { testing: Testing }) {
  if (error !== null) return <Notice tone="bad">{error.message}</Notice>;
  if (data === undefined || variables === undefined) return null;
  if (data.ok) return <Notice tone="good">{`A test message reached ${variables.name}.`}</Notice>;
  return (
    <Notice tone="bad">{`${variables.name} was not reached: ${data.error ?? 'no reason was given'}`}</Notice>
  );
}

function NoDestination({ onCreate }: { onCreate: (() => void) | undefined }) {
  return (
    <Card>
      <Empty title="Nobody is told yet">
        <p>
          Alerts, budgets and reminders can go to a signed webhook, to a Slack channel, or to people by
          e-mail.
        </p>
        {onCreate === undefined ? null : (
          <Button look="primary" onClick={onCreate}>
            New destination
          </Button>
        )}
      </Empty>
    </Card>
  );
}
