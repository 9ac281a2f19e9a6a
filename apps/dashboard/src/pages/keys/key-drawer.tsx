import type { Key } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { keyQuery } from '../../api/keys.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { KeyFacts } from './key-facts.tsx';
import { idOfKeyLink } from './key-link.tsx';
import { KeyMay } from './key-may.tsx';
import { KeyStatus } from './key-status.tsx';
import { KeyUsageView } from './key-usage-view.tsx';

type Props = { project: string; id: string | undefined; onClose: () => void };

/** One key beside the list: what it was used for, and all that is known of it. */
export function KeyDrawer({ project, id, onClose }: Props) {
  const [lastId, setLastId] = useState(id);
  if (id !== undefined && id !== lastId) setLastId(id);
  return (
    <Drawer
      isOpen={id !== undefined}
      title="API key"
      actions={null}
      returnTo={lastId === undefined ? undefined : idOfKeyLink(lastId)}
      onClose={onClose}
    >
      {id === undefined ? null : <Loaded key={id} project={project} id={id} />}
    </Drawer>
  );
}

function Loaded({ project, id }: { project: string; id: string }) {
  const key = useQuery(keyQuery(project, id));
  if (key.isError) return <Failed message={key.error.message} onRetry={() => key.refetch()} />;
  if (key.isPending) {
    return (
      <div className="flex flex-col gap-4 p-4 sm:p-5">
        <Skeleton className="h-16" />
        <Skeleton className="h-80" />
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-6 p-4 sm:p-5">
      <Head apiKey={key.data} />
      <KeyUsageView project={project} id={id} />
      <KeyFacts project={project} apiKey={key.data} />
    </div>
  );
}

function Head({ apiKey }: { apiKey: Key }) {
  return (
    <header className="flex flex-col gap-2.5">
      <h3 className="font-semibold text-lg tracking-tight wrap-anywhere">{apiKey.name}</h3>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <code className="font-mono text-soft text-xs">
          {apiKey.prefix}…{apiKey.last_four}
        </code>
        <KeyStatus apiKey={apiKey} />
        <KeyMay apiKey={apiKey} />
        <Link
          to="/traces"
          search={{ key_id: apiKey.id }}
          className="text-accent-strong text-sm underline decoration-line-strong underline-offset-4 hover:decoration-accent"
        >
          Its traces
        </Link>
      </div>
    </header>
  );
}
