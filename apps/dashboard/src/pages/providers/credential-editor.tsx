import type { ProviderCredential, ProviderCredentialChange } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { createCredential, updateCredential } from '../../api/credentials.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const sources = [
  { value: 'secret', label: 'Paste it' },
  { value: 'reference', label: 'Secret manager' },
] as const;
const reaches = [
  { value: 'project', label: 'This project' },
  { value: 'organization', label: 'Every project' },
] as const;
const states = [
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
] as const;

type Draft = {
  provider: string;
  name: string;
  source: 'secret' | 'reference';
  secret: string;
  reference: string;
  weight: string;
  state: 'on' | 'off';
  reach: 'project' | 'organization';
};

type Props = {
  project: string;
  provider: string;
  credential: ProviderCredential | undefined;
  onClose: () => void;
};

/** Adds a provider's key or replaces one. What is typed goes to the server once and never comes back. */
export function CredentialEditor({ project, provider, credential, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(provider, credential));
  const queries = useQueryClient();
  const change = (changed: Partial<Draft>) => setDraft({ ...draft, ...changed });
  const saving = useMutation({
    mutationFn: () => save(project, credential, draft),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['credentials', project] });
      onClose();
    },
  });
  const problemOf = (param: string) =>
    saving.error instanceof ApiError && saving.error.param === param ? saving.error.message : undefined;
  const isNew = credential === undefined;
  const hasSecret = draft[draft.source].trim() !== '';
  const isReady = draft.provider.trim() !== '' && /^\d{1,4}$/.test(draft.weight) && (hasSecret || !isNew);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Modal
      title={isNew ? 'Add a provider key' : `“${credential.name}” of ${credential.provider}`}
      lead="It is encrypted before it is kept, sent to its own provider only, and never shown again."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5" autoComplete="off">
        {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
        {isNew ? (
          <Field
            label="Provider"
            required
            placeholder="openai"
            hint="As it is called in the configuration file, or one of the providers that are known."
            value={draft.provider}
            problem={problemOf('provider')}
            onChange={(event) => change({ provider: event.target.value })}
          />
        ) : null}
        <Field
          label="Name"
          maxLength={64}
          placeholder="default"
          value={draft.name}
          problem={problemOf('name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        <SecretFields draft={draft} isNew={isNew} problemOf={problemOf} onChange={change} />
        <Field
          label="Weight"
          inputMode="numeric"
          value={draft.weight}
          hint="Its share of the calls, beside the provider's other keys. 0 keeps it for when they fail."
          problem={problemOf('weight')}
          onChange={(event) => change({ weight: event.target.value })}
        />
        {isNew ? (
          <Choice label="For" hint="A project's own keys are used before those of every project.">
            <Segmented
              label="For"
              value={draft.reach}
              options={reaches}
              onChange={(reach) => change({ reach })}
            />
          </Choice>
        ) : (
          <Choice label="In use">
            <Segmented
              label="In use"
              value={draft.state}
              options={states}
              onChange={(state) => change({ state })}
            />
          </Choice>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={saving.isPending} disabled={!isReady}>
            {isNew ? 'Add key' : 'Save'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

type SecretProps = {
  draft: Draft;
  isNew: boolean;
  problemOf: (param: string) => string | undefined;
  onChange: (changed: Partial<Draft>) => void;
};

function SecretFields({ draft, isNew, problemOf, onChange }: SecretProps) {
  return (
    <>
      <Choice label="Where it is">
        <Segmented
          label="Where it is"
          value={draft.source}
          options={sources}
          onChange={(source) => onChange({ source })}
        />
      </Choice>
      {draft.source === 'secret' ? (
        <Field
          label={isNew ? 'Key' : 'New key'}
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder={isNew ? 'sk-…' : 'leave empty to keep it'}
          value={draft.secret}
          problem={problemOf('secret')}
          onChange={(event) => onChange({ secret: event.target.value })}
        />
      ) : (
        <Field
          label="Reference"
          placeholder="openai-production"
          value={draft.reference}
          hint="A name under secret_refs in the configuration file."
          problem={problemOf('reference')}
          onChange={(event) => onChange({ reference: event.target.value })}
        />
      )}
    </>
  );
}

function draftOf(provider: string, credential: ProviderCredential | undefined): Draft {
  return {
    provider,
    name: credential?.name ?? '',
    source: credential?.source === 'reference' ? 'reference' : 'secret',
    secret: '',
    reference: credential?.reference ?? '',
    weight: String(credential?.weight ?? 1),
    state: credential?.enabled === false ? 'off' : 'on',
    reach: 'project',
  };
}

function save(project: string, credential: ProviderCredential | undefined, draft: Draft) {
  const name = draft.name.trim();
  const weight = Number(draft.weight);
  const text = draft[draft.source].trim();
  const secret = text === '' ? {} : { [draft.source]: text };
  const named = name === '' ? {} : { name };
  if (credential === undefined) {
    const place = { provider: draft.provider.trim(), shared: draft.reach === 'organization' };
    return createCredential(project, { ...place, weight, ...named, ...secret });
  }
  const change: ProviderCredentialChange = { weight, enabled: draft.state === 'on', ...named };
  const isSame = draft.source === 'reference' && text === credential.reference;
  return updateCredential(project, credential.id, isSame ? change : { ...change, ...secret });
}
