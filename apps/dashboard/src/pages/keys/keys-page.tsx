import type { CreatedKey, Key } from '@app/contract';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { KeyFilter } from '../../api/keys.ts';
import { usePermission } from '../../api/use-permission.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { CreateKey } from './create-key.tsx';
import { EditKey } from './edit-key.tsx';
import type { KeyAction } from './key-actions.tsx';
import { KeyDrawer } from './key-drawer.tsx';
import { KeyFilters } from './key-filters.tsx';
import { KeyRows } from './key-rows.tsx';
import { NewSecret } from './new-secret.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { RotateKey } from './rotate-key.tsx';

const route = getRouteApi('/shell/keys');

type Step =
  | { name: 'create' }
  | { name: 'show'; created: CreatedKey }
  | { name: 'edit' | 'rotate' | 'revoke'; key: Key }
  | undefined;

/** The project's API keys: make one, see it once, put another in its place, take it back. */
export function KeysPage() {
  const { key: openId, project: _named, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: '/keys' });
  const { id: project } = useProject();
  const [step, setStep] = useState<Step>();
  const create = usePermission('keys:write') ? () => setStep({ name: 'create' }) : undefined;
  const open = (id: string | undefined) =>
    navigate({ search: (kept) => ({ ...kept, key: id }), resetScroll: false });
  const change = (changed: KeyFilter) =>
    navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true, resetScroll: false });
  const act = (name: KeyAction, key: Key) => (name === 'details' ? open(key.id) : setStep({ name, key }));
  const isCovered = step !== undefined || openId !== undefined;
  return (
    <div className="mx-auto flex max-w-7xl flex-col gap-5">
      <PageTitle title="API keys">
        {create === undefined ? null : (
          <Button look="primary" onClick={create}>
            <Plus aria-hidden="true" className="size-4" /> Create key
          </Button>
        )}
      </PageTitle>
      <KeyFilters filter={filter} hasShortcut={!isCovered} onChange={change} />
      <KeyRows project={project} filter={filter} onCreate={create} onAct={act} />
      <KeyDrawer project={project} id={openId} onClose={() => open(undefined)} />
      <Dialogs project={project} step={step} onStep={setStep} />
    </div>
  );
}

type DialogsProps = { project: string; step: Step; onStep: (step: Step) => void };

function Dialogs({ project, step, onStep }: DialogsProps) {
  const close = () => onStep(undefined);
  const show = (created: CreatedKey) => onStep({ name: 'show', created });
  switch (step?.name) {
    case undefined:
      return null;
    case 'create':
      return <CreateKey project={project} onCreated={show} onClose={close} />;
    case 'show':
      return <NewSecret created={step.created} onClose={close} />;
    case 'edit':
      return <EditKey project={project} apiKey={step.key} onClose={close} />;
    case 'rotate':
      return <RotateKey project={project} apiKey={step.key} onCreated={show} onClose={close} />;
    case 'revoke':
      return <RevokeKey project={project} apiKey={step.key} onClose={close} />;
  }
}
