import type { Key, KeyChange } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { refreshKeys, updateKey } from '../../api/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { formatRelative } from '../../ui/format.ts';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { BoundsFields, boundsOf, boundsOfKey } from './bounds-fields.tsx';
import { PermissionList } from './permission-list.tsx';

const DAY_MS = 86_400_000;
const ends = [
  { value: 'kept', label: 'As it was' },
  { value: 'never', label: 'Never' },
  { value: '30', label: '30 d' },
  { value: '90', label: '90 d' },
  { value: '365', label: '1 year' },
] as const;
type End = (typeof ends)[number]['value'];

type Props = { project: string; apiKey: Key; onClose: () => void };

/** Changes what a key may do. Its secret stays as it is; servers know of the change within a second. */
export function EditKey({ project, apiKey, onClose }: Props) {
  const [name, setName] = useState(apiKey.name);
  const [permissions, setPermissions] = useState(apiKey.permissions);
  const [end, setEnd] = useState<End>('kept');
  const [bounds, setBounds] = useState(() => boundsOfKey(apiKey));
  const queries = useQueryClient();
  const isGateway = apiKey.kind === 'gateway';
  const saving = useMutation({
    mutationFn: () => {
      const cleared = { owner: null, tags: [], models: null, providers: null, ip_ranges: null };
      const change: KeyChange = { ...cleared, ...boundsOf(bounds), ...endOf(end), name: name.trim() };
      return updateKey(project, apiKey.id, isGateway ? { ...change, permissions } : change);
    },
    onSuccess: async () => {
      await refreshKeys(queries, project);
      onClose();
    },
  });
  const problemOf = (param: string) =>
    saving.error instanceof ApiError && saving.error.param?.startsWith(param)
      ? saving.error.message
      : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Modal
      title={`Edit “${apiKey.name}”`}
      lead="The key itself stays as it is. Calls follow the change within a second."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
        <Field
          label="Name"
          required
          maxLength={128}
          value={name}
          problem={problemOf('name')}
          onChange={(event) => setName(event.target.value)}
        />
        <Choice label="Expires" hint={hintOf(apiKey, end)}>
          <Segmented label="Expires" value={end} options={ends} onChange={setEnd} />
        </Choice>
        {isGateway ? <PermissionList chosen={permissions} onChange={setPermissions} /> : null}
        <BoundsFields
          bounds={bounds}
          isGateway={isGateway}
          isOpen
          problemOf={problemOf}
          onChange={setBounds}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={saving.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Counted from now. */
function endOf(end: End): Pick<KeyChange, 'expires_at'> {
  if (end === 'kept') return {};
  if (end === 'never') return { expires_at: null };
  return { expires_at: new Date(Date.now() + Number(end) * DAY_MS).toISOString() };
}

function hintOf({ expires_at: kept }: Key, end: End): string {
  if (end === 'never') return 'Until it is revoked.';
  if (end !== 'kept') return 'Counted from now.';
  return kept === null ? 'It never ends.' : `It ends ${formatRelative(kept)}.`;
}
