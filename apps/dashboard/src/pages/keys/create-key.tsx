import type { CreatedKey, KeyKind, KeyMode, Permission } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { createKey, refreshKeys } from '../../api/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { type Bounds, BoundsFields, blankBounds, boundsOf } from './bounds-fields.tsx';
import { PermissionList } from './permission-list.tsx';

const DAY_MS = 86_400_000;
const modes = [
  { value: 'test', label: 'Test: sandbox, free' },
  { value: 'live', label: 'Live: real providers' },
] as const;
const kinds = [
  { value: 'gateway', label: 'Make calls' },
  { value: 'ingest', label: 'Send traces only' },
] as const;
const lifetimes = [
  { value: '0', label: 'Never' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
] as const;

type Draft = {
  name: string;
  mode: KeyMode;
  kind: KeyKind;
  days: (typeof lifetimes)[number]['value'];
  permissions: Permission[];
  bounds: Bounds;
};

const blank: Draft = {
  name: '',
  mode: 'test',
  kind: 'gateway',
  days: '90',
  permissions: ['inference:call', 'models:read', 'responses:read'],
  bounds: blankBounds,
};

type Props = { project: string; onCreated: (created: CreatedKey) => void; onClose: () => void };

export function CreateKey({ project, onCreated, onClose }: Props) {
  const [draft, setDraft] = useState(blank);
  const queries = useQueryClient();
  const change = (changed: Partial<Draft>) => setDraft({ ...draft, ...changed });
  const creating = useMutation({
    mutationFn: () => createKey(project, requestOf(draft)),
    onSuccess: async (created) => {
      onCreated(created);
      await refreshKeys(queries, project);
    },
  });
  const problemOf = (param: string) =>
    creating.error instanceof ApiError && creating.error.param?.startsWith(param)
      ? creating.error.message
      : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate();
  };
  return (
    <Modal
      title="Create key"
      lead="It is shown once, right after this. Only a digest of it is kept."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {creating.error !== null && problemOf('name') === undefined ? (
          <Notice tone="bad">{creating.error.message}</Notice>
        ) : null}
        <Field
          label="Name"
          required
          maxLength={128}
          placeholder="checkout service"
          value={draft.name}
          problem={problemOf('name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        <Choice label="Mode">
          <Segmented label="Mode" value={draft.mode} options={modes} onChange={(mode) => change({ mode })} />
        </Choice>
        <Choice label="Purpose">
          <Segmented
            label="Purpose"
            value={draft.kind}
            options={kinds}
            onChange={(kind) => change({ kind })}
          />
        </Choice>
        <Choice label="Expires">
          <Segmented
            label="Expires"
            value={draft.days}
            options={lifetimes}
            onChange={(days) => change({ days })}
          />
        </Choice>
        {draft.kind === 'gateway' ? (
          <PermissionList chosen={draft.permissions} onChange={(permissions) => change({ permissions })} />
        ) : null}
        <BoundsFields
          bounds={draft.bounds}
          isGateway={draft.kind === 'gateway'}
          problemOf={problemOf}
          onChange={(bounds) => change({ bounds })}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            isBusy={creating.isPending}
            disabled={draft.name.trim() === ''}
          >
            Create key
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function requestOf({ name, mode, kind, days, permissions, bounds }: Draft) {
  const expiry =
    days === '0' ? {} : { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };
  const may = kind === 'gateway' ? { permissions } : {};
  return { name: name.trim(), mode, kind, ...may, ...expiry, ...boundsOf(bounds) };
}
