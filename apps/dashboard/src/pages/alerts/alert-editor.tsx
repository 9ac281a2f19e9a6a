import type { Alert } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type AlertPlace, createAlert, updateAlert } from '../../api/alerts.ts';
import { ApiError } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { AlertConditionFields } from './alert-condition-fields.tsx';
import { AlertDeliveryFields } from './alert-delivery-fields.tsx';
import { type AlertDraft, draftOf, isComplete, requestOf } from './alert-draft.ts';

type Props = {
  place: AlertPlace;
  organization: string | undefined;
  alert: Alert | undefined;
  onClose: () => void;
};

/** Makes an alert, or changes one. What it watches stays as it is once it exists. */
export function AlertEditor({ place, organization, alert, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(alert));
  const queries = useQueryClient();
  const change = (changed: Partial<AlertDraft>) => setDraft({ ...draft, ...changed });
  const saving = useMutation({
    mutationFn: () => {
      if (alert === undefined) return createAlert(place, requestOf(draft));
      const { metric: _, ...changed } = requestOf(draft);
      return updateAlert(place, alert.id, changed);
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['alerts'] });
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
      title={alert === undefined ? 'New alert' : `Edit “${alert.name}”`}
      lead={place.kind === 'projects' ? 'For this project.' : 'For the whole organization.'}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
        <Field
          label="Name"
          required
          maxLength={128}
          placeholder="spend of an hour"
          value={draft.name}
          problem={problemOf('name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        <AlertConditionFields
          place={place}
          draft={draft}
          isNew={alert === undefined}
          problemOf={problemOf}
          onChange={change}
        />
        <AlertDeliveryFields organization={organization} draft={draft} onChange={change} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={saving.isPending} disabled={!isComplete(draft)}>
            {alert === undefined ? 'Create alert' : 'Save'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
