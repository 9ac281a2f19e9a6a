import type { Limit, LimitMeasure, LimitPeriod, LimitScope, NewLimit } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { createLimit, updateLimit } from '../../api/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { parseAmount } from './parse-amount.ts';
import { ScopeFields } from './scope-fields.tsx';

const measures = [
  { value: 'requests', label: 'Requests' },
  { value: 'tokens', label: 'Tokens, in and out' },
  { value: 'input_tokens', label: 'Input tokens' },
  { value: 'output_tokens', label: 'Output tokens' },
  { value: 'concurrency', label: 'Calls at once' },
  { value: 'cost', label: 'Cost in US dollars' },
] as const satisfies { value: LimitMeasure; label: string }[];
const periods = [
  { value: 'minute', label: 'Minute' },
  { value: 'hour', label: 'Hour' },
  { value: 'day', label: 'Day' },
  { value: 'month', label: 'Month' },
] as const;
const enforcements = [
  { value: 'enforce', label: 'Enforce' },
  { value: 'shadow', label: 'Only count' },
] as const;

type Draft = {
  name: string;
  scope: LimitScope;
  measure: LimitMeasure;
  period: LimitPeriod;
  amount: string;
  enforcement: 'enforce' | 'shadow';
};

type Props = { project: string; limit: Limit | undefined; onClose: () => void };

/** Makes a limit, or changes one. What it counts stays as it is once it exists. */
export function LimitEditor({ project, limit, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(limit));
  const queries = useQueryClient();
  const change = (changed: Partial<Draft>) => setDraft({ ...draft, ...changed });
  const saving = useMutation({
    mutationFn: () => {
      const { name, enforcement, ...rest } = requestOf(draft);
      if (limit === undefined) return createLimit(project, { name, enforcement, ...rest });
      const { max, max_usd } = rest;
      const amount = max_usd === undefined ? { max } : { max_usd };
      return updateLimit(project, limit.id, { name, enforcement, ...amount });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['limits', project] });
      onClose();
    },
  });
  const problemOf = (param: string) =>
    saving.error instanceof ApiError && saving.error.param?.startsWith(param)
      ? saving.error.message
      : undefined;
  const amountProblem = draft.amount === '' ? undefined : (problemIn(draft) ?? problemOf('max'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Modal
      title={limit === undefined ? 'New limit' : `Edit “${limit.name}”`}
      lead="The most specific limit and all above it apply together."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
        <Field
          label="Name"
          required
          maxLength={128}
          placeholder="tokens of each user"
          value={draft.name}
          problem={problemOf('name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        {limit === undefined ? (
          <>
            <ScopeFields
              project={project}
              scope={draft.scope}
              problem={problemOf('scope')}
              onChange={(scope) => change({ scope })}
            />
            <SelectField
              label="What is counted"
              value={draft.measure}
              options={measures}
              onChange={(measure) => change({ measure })}
            />
            {draft.measure === 'concurrency' ? null : (
              <Choice label="In every">
                <Segmented
                  label="Period"
                  value={draft.period}
                  options={periods}
                  onChange={(period) => change({ period })}
                />
              </Choice>
            )}
          </>
        ) : null}
        <Field
          label={draft.measure === 'cost' ? 'At most, in US dollars' : 'At most'}
          required
          inputMode="decimal"
          placeholder={draft.measure === 'cost' ? '5.00' : '100000'}
          value={draft.amount}
          problem={amountProblem}
          onChange={(event) => change({ amount: event.target.value })}
        />
        <Choice label="Effect">
          <Segmented
            label="Effect"
            value={draft.enforcement}
            options={enforcements}
            onChange={(enforcement) => change({ enforcement })}
          />
        </Choice>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            isBusy={saving.isPending}
            disabled={draft.name.trim() === '' || draft.amount === '' || problemIn(draft) !== undefined}
          >
            {limit === undefined ? 'Create limit' : 'Save'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const wholeOf = (text: string): string => text.trim().replaceAll(/[,_ ]/g, '');

function problemIn({ measure, amount }: Draft): string | undefined {
  if (measure === 'cost') return parseAmount(amount).problem;
  return /^\d{1,12}$/.test(wholeOf(amount)) ? undefined : 'A whole number, such as 100000.';
}

function draftOf(limit: Limit | undefined): Draft {
  return {
    name: limit?.name ?? '',
    scope: limit?.scope ?? { kind: 'project', id: '*' },
    measure: limit?.measure ?? 'tokens',
    period: limit?.period ?? 'minute',
    amount: limit === undefined ? '' : (limit.max_usd ?? String(limit.max)),
    enforcement: limit?.enforcement ?? 'enforce',
  };
}

function requestOf(draft: Draft): NewLimit {
  const { name, scope, measure, period, amount, enforcement } = draft;
  return {
    name: name.trim(),
    scope,
    measure,
    enforcement,
    ...(measure === 'concurrency' ? {} : { period }),
    ...(measure === 'cost' ? { max_usd: parseAmount(amount).usd } : { max: Number(wholeOf(amount)) }),
  };
}
