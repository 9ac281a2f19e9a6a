import type { RetentionPolicy } from '@app/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { retentionQuery, updateRetention } from '../../api/retention.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Failed, Skeleton } from '../../ui/page-status.tsx';

const MEGABYTE = 1_000_000;
const fields = [
  {
    name: 'contents_days',
    label: 'Contents, days',
    hint: 'What was asked and answered. Traces keep their figures without it.',
  },
  {
    name: 'traces_days',
    label: 'Traces, days',
    hint: 'Tokens, cost and times, with everything else of a call.',
  },
  { name: 'responses_days', label: 'Responses, days', hint: 'Replies that /v1/responses keeps.' },
  { name: 'conversations_days', label: 'Conversations, days', hint: 'Since somebody used them last.' },
] as const satisfies { name: keyof RetentionPolicy; label: string; hint: string }[];

type Props = { project: string; mayWrite: boolean };

export function RetentionForm({ project, mayWrite }: Props) {
  const policy = useQuery(retentionQuery(project));
  if (policy.isPending) return <Skeleton className="h-96 rounded-xl" />;
  if (policy.isError && policy.data === undefined) {
    return <Failed message={policy.error.message} onRetry={() => policy.refetch()} />;
  }
  return <Form project={project} policy={policy.data} mayWrite={mayWrite} />;
}

type Draft = { [name in keyof RetentionPolicy]: string };

/** How long what is kept. An empty field keeps it until somebody deletes it. */
function Form({ project, policy, mayWrite }: Props & { policy: RetentionPolicy }) {
  const [draft, setDraft] = useState(() => draftOf(policy));
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: () => updateRetention(project, policyOf(draft)),
    onSuccess: (saved) => queries.setQueryData(retentionQuery(project).queryKey, saved),
  });
  const isChanged = JSON.stringify(policyOf(draft)) !== JSON.stringify(policy);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Card className="flex flex-col gap-5 px-4 py-5 lg:px-5">
      <div className="flex flex-col gap-1">
        <h2 className="font-semibold text-base">How long data is kept</h2>
        <p className="text-soft text-sm">
          An empty field keeps it until somebody deletes it. What is due is deleted within the hour.
        </p>
      </div>
      <form onSubmit={submit} className="flex flex-col gap-5">
        {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
        {saving.isSuccess && !isChanged ? <Notice tone="good">Saved.</Notice> : null}
        <div className="grid gap-x-6 gap-y-5 sm:grid-cols-2">
          {fields.map(({ name, label, hint }) => (
            <Field
              key={name}
              label={label}
              hint={hint}
              type="number"
              min={1}
              max={3_650}
              placeholder="for ever"
              disabled={!mayWrite}
              value={draft[name]}
              onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
            />
          ))}
          <Field
            label="Contents at most, megabytes"
            hint="When they take more, the oldest go first."
            type="number"
            min={1}
            placeholder="no bound"
            disabled={!mayWrite}
            value={draft.contents_bytes_max}
            onChange={(event) => setDraft({ ...draft, contents_bytes_max: event.target.value })}
          />
        </div>
        {mayWrite ? (
          <Button
            type="submit"
            look="primary"
            isBusy={saving.isPending}
            disabled={!isChanged}
            className="self-end"
          >
            Save
          </Button>
        ) : null}
      </form>
    </Card>
  );
}

const textOf = (value: number | null): string => (value === null ? '' : String(value));

const draftOf = (policy: RetentionPolicy): Draft => ({
  contents_days: textOf(policy.contents_days),
  traces_days: textOf(policy.traces_days),
  responses_days: textOf(policy.responses_days),
  conversations_days: textOf(policy.conversations_days),
  contents_bytes_max: policy.contents_bytes_max === null ? '' : String(policy.contents_bytes_max / MEGABYTE),
});

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));

function policyOf(draft: Draft): RetentionPolicy {
  const megabytes = numberOf(draft.contents_bytes_max);
  return {
    contents_days: numberOf(draft.contents_days),
    traces_days: numberOf(draft.traces_days),
    responses_days: numberOf(draft.responses_days),
    conversations_days: numberOf(draft.conversations_days),
    contents_bytes_max: megabytes === null ? null : Math.round(megabytes * MEGABYTE),
  };
}
