import type { ProviderCredential } from '@app/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { credentialsQuery, deleteCredential } from '../../api/credentials.ts';
import { usePermission } from '../../api/use-permission.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { CredentialEditor } from './credential-editor.tsx';
import { ProviderCard } from './provider-card.tsx';

type Step =
  | { name: 'add'; provider: string }
  | { name: 'edit' | 'delete'; credential: ProviderCredential }
  | undefined;

/** The keys with which providers are paid: added and replaced here, never shown. */
export function ProvidersPage() {
  const { id: project } = useProject();
  const mayWrite = usePermission('credentials:write');
  const [step, setStep] = useState<Step>();
  const add = (provider: string) => setStep({ name: 'add', provider });
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-5">
      <PageTitle title="Provider keys">
        {mayWrite ? (
          <Button look="primary" onClick={() => add('')}>
            <Plus aria-hidden="true" className="size-4" /> Add key
          </Button>
        ) : null}
      </PageTitle>
      {mayWrite ? <Credentials project={project} onStep={setStep} onAdd={add} /> : <NotForMembers />}
      <Dialogs project={project} step={step} onClose={() => setStep(undefined)} />
    </div>
  );
}

function NotForMembers() {
  return (
    <Card>
      <Empty title="Owners and admins look after these">
        Your role in this organization does not include the keys of providers. Ask an owner or an admin.
      </Empty>
    </Card>
  );
}

type ListProps = { project: string; onStep: (step: Step) => void; onAdd: (provider: string) => void };

function Credentials({ project, onStep, onAdd }: ListProps) {
  const credentials = useQuery(credentialsQuery(project));
  if (credentials.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (credentials.isError && credentials.data === undefined) {
    return <Failed message={credentials.error.message} onRetry={() => credentials.refetch()} />;
  }
  const byProvider = Map.groupBy(credentials.data.data, ({ provider }) => provider);
  if (byProvider.size === 0) {
    return (
      <Card>
        <Empty title="No provider key is kept here">
          <p>
            Calls use the keys of the configuration file. Add one here to use another, or several of one
            provider: calls are shared among them, and one that is refused rests for a while.
          </p>
          <Button look="primary" onClick={() => onAdd('')}>
            Add key
          </Button>
        </Empty>
      </Card>
    );
  }
  return [...byProvider].map(([provider, rows]) => (
    <ProviderCard
      key={provider}
      project={project}
      provider={provider}
      rows={rows}
      onAdd={() => onAdd(provider)}
      onEdit={(credential) => onStep({ name: 'edit', credential })}
      onDelete={(credential) => onStep({ name: 'delete', credential })}
    />
  ));
}

function Dialogs({ project, step, onClose }: { project: string; step: Step; onClose: () => void }) {
  const queries = useQueryClient();
  if (step === undefined) return null;
  if (step.name === 'add') {
    return (
      <CredentialEditor project={project} provider={step.provider} credential={undefined} onClose={onClose} />
    );
  }
  const { credential } = step;
  if (step.name === 'edit') {
    const { provider } = credential;
    return (
      <CredentialEditor project={project} provider={provider} credential={credential} onClose={onClose} />
    );
  }
  const remove = async () => {
    await deleteCredential(project, credential.id);
    await queries.invalidateQueries({ queryKey: ['credentials', project] });
  };
  return (
    <Confirm
      title={`Delete “${credential.name}” of ${credential.provider}?`}
      lead="Calls stop using it at once. The provider goes on accepting it until you revoke it there."
      action="Delete key"
      run={remove}
      onClose={onClose}
    />
  );
}
