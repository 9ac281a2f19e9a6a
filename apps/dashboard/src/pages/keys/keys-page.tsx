import type { CreatedKey, Key } from '@app/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { keysQuery } from '../../api/keys.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { CreateKey } from './create-key.tsx';
import { EditKey } from './edit-key.tsx';
import { type KeyAction, KeyList } from './key-list.tsx';
import { NewSecret } from './new-secret.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { RotateKey } from './rotate-key.tsx';

type Step =
  | { name: 'create' }
  | { name: 'show'; created: CreatedKey }
  | { name: KeyAction; key: Key }
  | undefined;

/** The project's API keys: make one, see it once, put another in its place, take it back. */
export function KeysPage() {
  const { id: project } = useProject();
  const [step, setStep] = useState<Step>();
  const close = () => setStep(undefined);
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-5">
      <PageTitle title="API keys">
        <Button look="primary" onClick={() => setStep({ name: 'create' })}>
          <Plus aria-hidden="true" className="size-4" /> Create key
        </Button>
      </PageTitle>
      <Rows
        project={project}
        onCreate={() => setStep({ name: 'create' })}
        onAct={(name, key) => setStep({ name, key })}
      />
      {step?.name === 'create' ? (
        <CreateKey
          project={project}
          onCreated={(created) => setStep({ name: 'show', created })}
          onClose={close}
        />
      ) : null}
      {step?.name === 'show' ? <NewSecret created={step.created} onClose={close} /> : null}
      {step?.name === 'edit' ? <EditKey project={project} apiKey={step.key} onClose={close} /> : null}
      {step?.name === 'rotate' ? (
        <RotateKey
          project={project}
          apiKey={step.key}
          onCreated={(created) => setStep({ name: 'show', created })}
          onClose={close}
        />
      ) : null}
      {step?.name === 'revoke' ? <RevokeKey project={project} apiKey={step.key} onClose={close} /> : null}
    </div>
  );
}

type RowsProps = {
  project: string;
  onCreate: () => void;
  onAct: (action: KeyAction, key: Key) => void;
};

function Rows({ project, onCreate, onAct }: RowsProps) {
  const keys = useInfiniteQuery(keysQuery(project));
  if (keys.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (keys.isError && keys.data === undefined) {
    return <Failed message={keys.error.message} onRetry={() => keys.refetch()} />;
  }
  const rows = keys.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) {
    return (
      <Card>
        <Empty title="No key yet">
          <p>
            An application needs one to make calls. Begin with a test key: it reaches the built-in sandbox and
            costs nothing.
          </p>
          <Button look="primary" onClick={onCreate}>
            Create key
          </Button>
        </Empty>
      </Card>
    );
  }
  return (
    <>
      <KeyList project={project} rows={rows} onAct={onAct} />
      {keys.hasNextPage ? (
        <Button onClick={() => keys.fetchNextPage()} isBusy={keys.isFetchingNextPage} className="self-center">
          Load more keys
        </Button>
      ) : null}
    </>
  );
}
