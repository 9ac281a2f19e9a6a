import type { SignInPolicy, SignInPolicyChange } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { signInPolicyQuery, updateSignInPolicy } from '../../api/members.ts';
import { signInMethodsQuery } from '../../api/sign-in.ts';
import { mayInOrganization, type OwnOrganization } from '../../api/use-organization.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { SignInDomains } from './sign-in-domains.tsx';

type Props = { organization: OwnOrganization };

/** How people of the organization have to sign in, and who gets in without an invitation. */
export function SignInSettings({ organization }: Props) {
  const policy = useQuery(signInPolicyQuery(organization.id));
  if (policy.isPending) return <Skeleton className="h-96 rounded-xl" />;
  if (policy.isError && policy.data === undefined) {
    return <Failed message={policy.error.message} onRetry={() => policy.refetch()} />;
  }
  return <Form organization={organization} policy={policy.data} />;
}

function Form({ organization, policy }: Props & { policy: SignInPolicy }) {
  const [draft, setDraft] = useState(policy);
  const queries = useQueryClient();
  const { data: methods } = useQuery(signInMethodsQuery);
  const mayWrite = mayInOrganization(organization, 'members:write');
  const isOwner = organization.role === 'owner';
  const saving = useMutation({
    mutationFn: () => updateSignInPolicy(organization.id, changeOf(policy, draft)),
    onSuccess: (saved) => {
      queries.setQueryData(signInPolicyQuery(organization.id).queryKey, saved);
      setDraft(saved);
    },
  });
  const providers = (methods?.providers ?? []).map(({ id, title }) => ({ value: id, label: title }));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(policy);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Card className="px-4 py-5 lg:px-5">
      <form onSubmit={submit} className="flex flex-col gap-6">
        {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
        {saving.isSuccess && !isChanged ? <Notice tone="good">Saved.</Notice> : null}
        <SelectField
          label="Way in"
          value={draft.required_provider ?? ''}
          options={[{ value: '', label: 'Every way that there is' }, ...providers]}
          disabled={!isOwner}
          hint="Only owners change it. With a provider chosen, sessions by any other way are shown nothing of this organization. You have to be signed in by it yourself. API keys go on working."
          onChange={(id) => setDraft({ ...draft, required_provider: id === '' ? null : id })}
        />
        <label className="flex items-start gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={draft.two_factor_required}
            disabled={!isOwner}
            onChange={(event) => setDraft({ ...draft, two_factor_required: event.target.checked })}
            className="mt-0.5 size-4 accent-accent"
          />
          <span>
            A second factor is required
            <span className="block text-faint text-xs">
              Only owners change it. Who has none is shown nothing of this organization until they set it up.
              A passkey counts.
            </span>
          </span>
        </label>
        <SignInDomains
          domains={draft.domains}
          providers={providers}
          mayWrite={mayWrite}
          onChange={(domains) => setDraft({ ...draft, domains })}
        />
        <Field
          className="max-w-60"
          label="Stale after, days"
          hint="Members who were not here for so long are marked."
          type="number"
          min={1}
          max={3_650}
          disabled={!mayWrite}
          value={String(draft.stale_days)}
          onChange={(event) => setDraft({ ...draft, stale_days: Number(event.target.value) })}
        />
        <label className="flex items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={draft.stale_reminders}
            disabled={!mayWrite}
            onChange={(event) => setDraft({ ...draft, stale_reminders: event.target.checked })}
            className="size-4 accent-accent"
          />
          Remind the owners of stale members once a month
        </label>
        {mayWrite ? (
          <Button
            type="submit"
            look="primary"
            isBusy={saving.isPending}
            disabled={!isChanged || draft.stale_days < 1}
            className="self-end"
          >
            Save
          </Button>
        ) : null}
      </form>
    </Card>
  );
}

/** Only what is different, so that an admin sends nothing that owners alone change. */
function changeOf(policy: SignInPolicy, draft: SignInPolicy): SignInPolicyChange {
  const isSame = (name: keyof SignInPolicy) => JSON.stringify(policy[name]) === JSON.stringify(draft[name]);
  return {
    ...(isSame('domains') ? {} : { domains: domainsOf(draft) }),
    ...(isSame('required_provider') ? {} : { required_provider: draft.required_provider }),
    ...(isSame('two_factor_required') ? {} : { two_factor_required: draft.two_factor_required }),
    ...(isSame('stale_days') ? {} : { stale_days: draft.stale_days }),
    ...(isSame('stale_reminders') ? {} : { stale_reminders: draft.stale_reminders }),
  };
}

/** Nobody becomes an owner by a domain. */
const domainsOf = ({ domains }: SignInPolicy) =>
  domains.map(({ domain, provider, role }) => ({
    domain: domain.trim(),
    provider,
    role: role === 'admin' ? ('admin' as const) : ('member' as const),
  }));
