import type { Budget, BudgetAction, LimitScope, NewBudget } from '@app/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createBudget, updateBudget } from '../../api/budgets.ts';
import { ApiError } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { type AmountDraft, parseAmount, parsePercents } from './parse-amount.ts';
import { ScopeFields } from './scope-fields.tsx';

const periods = [
  { value: 'month', label: 'A month' },
  { value: 'day', label: 'A day' },
] as const;
const actions = [
  { value: 'block', label: 'Refuse calls' },
  { value: 'route', label: 'Other model' },
  { value: 'ask', label: 'Ask owner' },
] as const;
const enforcements = [
  { value: 'enforce', label: 'Enforce' },
  { value: 'shadow', label: 'Only count' },
] as const;

type Draft = AmountDraft & {
  name: string;
  scope: LimitScope;
  period: 'day' | 'month';
  kind: BudgetAction['kind'];
  model: string;
  owner: string;
  carries: boolean;
  isStrict: boolean;
  enforcement: 'enforce' | 'shadow';
};

type Props = { project: string; budget: Budget | undefined; onClose: () => void };

/** Makes a budget, or changes one. Whose calls count and the period stay as they are once it exists. */
export function BudgetEditor({ project, budget, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(budget));
  const queries = useQueryClient();
  const change = (changed: Partial<Draft>) => setDraft({ ...draft, ...changed });
  const saving = useMutation({
    mutationFn: () => {
      const wanted = requestOf(draft);
      if (budget === undefined) return createBudget(project, wanted);
      const { scope: _scope, period: _period, ...rest } = wanted;
      return updateBudget(project, budget.id, rest);
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['budgets', project] });
      onClose();
    },
  });
  const problemOf = (param: string) =>
    saving.error instanceof ApiError && saving.error.param?.startsWith(param)
      ? saving.error.message
      : undefined;
  const amountProblem = parseAmount(draft.amount).problem ?? problemOf('amount_usd');
  const percentsProblem = parsePercents(draft.percents).problem ?? problemOf('warn_percents');
  const isReady = draft.name.trim() !== '' && draft.amount !== '' && !amountProblem && !percentsProblem;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Modal
      title={budget === undefined ? 'New budget' : `Edit “${budget.name}”`}
      lead="Every call reserves the most it can cost before it is sent, so a budget is not overspent."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {saving.error ? <Notice tone="bad">{saving.error.message}</Notice> : null}
        <Field
          label="Name"
          required
          maxLength={128}
          placeholder="checkout, every month"
          value={draft.name}
          problem={problemOf('name')}
          onChange={(event) => change({ name: event.target.value })}
        />
        {budget === undefined ? (
          <>
            <ScopeFields
              project={project}
              scope={draft.scope}
              problem={problemOf('scope')}
              onChange={(scope) => change({ scope })}
            />
            <Choice label="Begins anew every">
              <Segmented
                label="Period"
                value={draft.period}
                options={periods}
                onChange={(period) => change({ period })}
              />
            </Choice>
          </>
        ) : null}
        <Field
          label="Amount in US dollars"
          required
          inputMode="decimal"
          placeholder="250.00"
          value={draft.amount}
          problem={draft.amount === '' ? undefined : amountProblem}
          onChange={(event) => change({ amount: event.target.value })}
        />
        <WhenSpent draft={draft} problem={problemOf('action')} onChange={change} />
        <Field
          label="Tell when this much is gone, in percent"
          placeholder="50, 80, 95"
          value={draft.percents}
          problem={percentsProblem}
          onChange={(event) => change({ percents: event.target.value })}
        />
        <Switches draft={draft} onChange={change} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={saving.isPending} disabled={!isReady}>
            {budget === undefined ? 'Create budget' : 'Save'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

type PartProps = { draft: Draft; problem?: string | undefined; onChange: (changed: Partial<Draft>) => void };

function WhenSpent({ draft, problem, onChange }: PartProps) {
  return (
    <>
      <Choice label="When it is spent">
        <Segmented
          label="When it is spent"
          value={draft.kind}
          options={actions}
          onChange={(kind) => onChange({ kind })}
        />
      </Choice>
      {draft.kind === 'route' ? (
        <Field
          label="Model that answers then"
          required
          placeholder="gpt-5-nano"
          value={draft.model}
          problem={problem}
          onChange={(event) => onChange({ model: event.target.value })}
        />
      ) : null}
      <Field
        label="Owner"
        placeholder="ada@example.com"
        value={draft.owner}
        hint="Who is told, and asked for more."
        maxLength={254}
        onChange={(event) => onChange({ owner: event.target.value })}
      />
    </>
  );
}

function Switches({ draft, onChange }: PartProps) {
  return (
    <>
      <Choice label="Effect">
        <Segmented
          label="Effect"
          value={draft.enforcement}
          options={enforcements}
          onChange={(enforcement) => onChange({ enforcement })}
        />
      </Choice>
      <Check
        label="What one period leaves is added to the next, up to one amount"
        checked={draft.carries}
        onChange={(carries) => onChange({ carries })}
      />
      <Check
        label="Strict: reserve a token per byte, never shorten a reply to fit"
        checked={draft.isStrict}
        onChange={(isStrict) => onChange({ isStrict })}
      />
    </>
  );
}

type CheckProps = { label: string; checked: boolean; onChange: (checked: boolean) => void };

function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label className="flex cursor-pointer items-center gap-3 text-sm">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4 shrink-0 accent-accent"
      />
      {label}
    </label>
  );
}

function draftOf(budget: Budget | undefined): Draft {
  return {
    name: budget?.name ?? '',
    scope: budget?.scope ?? { kind: 'project', id: '*' },
    period: budget?.period ?? 'month',
    amount: budget?.amount_usd ?? '',
    percents: (budget?.warn_percents ?? [50, 80, 95]).join(', '),
    kind: budget?.action.kind ?? 'block',
    model: budget?.action.kind === 'route' ? budget.action.model : '',
    owner: budget?.owner ?? '',
    carries: budget?.carry_over ?? false,
    isStrict: budget?.mode === 'strict',
    enforcement: budget?.enforcement ?? 'enforce',
  };
}

function requestOf(draft: Draft): NewBudget {
  const action: BudgetAction =
    draft.kind === 'route' ? { kind: 'route', model: draft.model.trim() } : { kind: draft.kind };
  return {
    name: draft.name.trim(),
    scope: draft.scope,
    period: draft.period,
    amount_usd: parseAmount(draft.amount).usd,
    action,
    warn_percents: parsePercents(draft.percents).percents,
    mode: draft.isStrict ? 'strict' : 'normal',
    carry_over: draft.carries,
    enforcement: draft.enforcement,
    owner: draft.owner.trim() === '' ? null : draft.owner.trim(),
  };
}
