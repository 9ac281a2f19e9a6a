import type { Destination, DestinationKind, NewDestination } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { createDestination, updateDestination } from '../../api/destinations.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const kinds = [
  { value: 'webhook', label: 'Webhook' },
  { value: 'slack', label: 'Slack' },
  { value: 'email', label: 'E-mail' },
] as const satisfies { value: DestinationKind; label: string }[];

type Draft = { name: string; kind: DestinationKind; url: string; emails: string; budgetNotices: boolean };
type Props = { organization: string; destination: Destination | undefined; onClose: () => void };

/** Makes a destination, or changes one. A webhook's secret is shown once, right after. */
export function DestinationEditor({ organization, destination, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(destination));
  const [secret, setSecret] = useState<string>();
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: async () => {
      if (destination === undefined) return (await createDestination(organization, requestOf(draft))).secret;
      const { kind: _, ...change } = requestOf(draft);
      await updateDestination(organization, destination.id, change);
      return null;
    },
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['destinations', organization] });
      if (made === null) onClose();
      else setSecret(made);
    },
  });
  if (secret !== undefined) return <NewSecret secret={secret} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  const needsAddress = destination === undefined && draft.url.trim() === '' && draft.emails.trim() === '';
  return (
    <Modal
      title={destination === undefined ? 'New destination' : `Edit “${destination.name}”`}
      lead="Where alerts, budgets and reminders can go."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
        <DraftFields
          draft={draft}
          kept={destination?.target}
          error={saving.error}
          onChange={(changed) => setDraft({ ...draft, ...changed })}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            isBusy={saving.isPending}
            disabled={draft.name.trim() === '' || needsAddress}
          >
            {destination === undefined ? 'Create destination' : 'Save'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

type FieldsProps = {
  draft: Draft;
  /** Where it goes now; what is left empty stays so. */
  kept: string | undefined;
  error: Error | null;
  onChange: (changed: Partial<Draft>) => void;
};

function DraftFields({ draft, kept, error, onChange }: FieldsProps) {
  const problemOf = (param: string) =>
    error instanceof ApiError && error.param?.startsWith(param) ? error.message : undefined;
  return (
    <>
      <Field
        label="Name"
        required
        maxLength={128}
        placeholder="on-call channel"
        value={draft.name}
        problem={problemOf('name')}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      {kept === undefined ? (
        <Choice label="Kind">
          <Segmented
            label="Kind"
            value={draft.kind}
            options={kinds}
            onChange={(kind) => onChange({ kind })}
          />
        </Choice>
      ) : null}
      {draft.kind === 'email' ? (
        <Field
          label="Addresses"
          placeholder={kept ?? 'ada@example.com, grace@example.com'}
          hint="Several with a comma between them."
          value={draft.emails}
          problem={problemOf('emails')}
          onChange={(event) => onChange({ emails: event.target.value })}
        />
      ) : (
        <Field
          label={draft.kind === 'slack' ? 'Incoming webhook of Slack' : 'Address'}
          type="url"
          placeholder={kept ?? (draft.kind === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://')}
          hint={
            draft.kind === 'slack'
              ? 'Whoever knows it can post: it is kept sealed and not shown again.'
              : 'Each message is signed with a secret that you are shown next.'
          }
          value={draft.url}
          problem={problemOf('url')}
          onChange={(event) => onChange({ url: event.target.value })}
        />
      )}
      <label className="flex items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={draft.budgetNotices}
          onChange={(event) => onChange({ budgetNotices: event.target.checked })}
          className="size-4 accent-accent"
        />
        What budgets tell goes here too
      </label>
    </>
  );
}

function NewSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Modal
      title="The secret of the webhook"
      lead="It signs every message; the receiver checks with it that a message is ours. It is shown this once."
      onClose={() => undefined}
    >
      <CodeBlock text={secret} label="The secret" />
      <Button look="primary" onClick={onClose} className="self-end">
        I have copied it
      </Button>
    </Modal>
  );
}

const draftOf = (destination: Destination | undefined): Draft => ({
  name: destination?.name ?? '',
  kind: destination?.kind ?? 'webhook',
  url: '',
  emails: '',
  budgetNotices: destination?.budget_notices ?? false,
});

function requestOf({ name, kind, url, emails, budgetNotices }: Draft): NewDestination {
  const addresses = emails.split(/[,;\s]+/).filter((each) => each !== '');
  return {
    name: name.trim(),
    kind,
    budget_notices: budgetNotices,
    ...(kind === 'email' && addresses.length > 0 ? { emails: addresses } : {}),
    ...(kind !== 'email' && url.trim() !== '' ? { url: url.trim() } : {}),
  };
}
