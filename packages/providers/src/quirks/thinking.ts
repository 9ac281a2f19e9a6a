import { isObject, type JsonObject } from '@app/protocol';
import type { Writing } from './apply-rules.ts';
import type { ThinkingRule } from './rules.ts';

/** Says in a provider's own way how much a model should think. */
export function applyThinking(rule: ThinkingRule, writing: Writing): void {
  if (rule.kind === 'switch') turn(rule, writing);
  else if (rule.kind === 'adaptive') leaveToModel(writing, rule.isAlwaysOn === true);
  else giveBudget(writing);
}

/** A caller who set the switch itself knows this provider. */
function turn(rule: ThinkingRule & { kind: 'switch' }, writing: Writing): void {
  const effort = writing.get('reasoning_effort');
  if (typeof effort !== 'string' || writing.get(rule.field) !== undefined) return;
  const isOff = effort === 'none' || effort === 'minimal';
  writing.set(rule.field, isOff ? rule.off : rule.on);
  if (rule.keepsEffort === true && !isOff) return;
  writing.change('reasoning_effort', () => undefined);
  if (effort !== 'none') writing.lose('reasoning_effort', 'changed');
}

function leaveToModel(writing: Writing, isAlwaysOn: boolean): void {
  const thinking = writing.get('thinking');
  if (!isObject(thinking)) return;
  if (thinking.type === 'enabled') {
    const { budget_tokens: budget, ...rest } = thinking;
    writing.set('thinking', { ...rest, type: 'adaptive' });
    writing.lose('thinking', 'changed');
    const isSaid = writing.get('output_config.effort') !== undefined;
    if (typeof budget === 'number' && !isSaid) writing.set('output_config.effort', effortOf(budget));
  } else if (thinking.type === 'disabled' && isAlwaysOn) {
    writing.change('thinking', () => undefined);
    writing.lose('thinking', 'unsupported');
    writing.set('output_config.effort', 'low');
  }
}

/** A budget is part of the output's maximum, and the answer needs room too. */
function giveBudget(writing: Writing): void {
  const thinking = writing.get('thinking');
  const effort = writing.get('output_config.effort');
  dropEffort(writing);
  if (!isObject(thinking) || thinking.type !== 'adaptive') {
    if (effort !== undefined) writing.lose('thinking', 'unsupported');
    return;
  }
  const max = writing.get('max_tokens');
  const budget = BUDGETS[typeof effort === 'string' ? effort : 'high'] ?? BUDGET_MOST;
  const room = typeof max === 'number' ? max - ANSWER_TOKENS_MIN : budget;
  if (room < BUDGET_LEAST) {
    writing.change('thinking', () => undefined);
    writing.lose('thinking', 'unsupported');
    return;
  }
  writing.set('thinking', { type: 'enabled', budget_tokens: Math.min(budget, room) });
  writing.lose('thinking', 'changed');
}

function dropEffort(writing: Writing): void {
  const config = writing.get('output_config');
  if (!isObject(config) || config.effort === undefined) return;
  const rest: JsonObject = { ...config };
  delete rest.effort;
  writing.change('output_config', () => (Object.keys(rest).length === 0 ? undefined : rest));
}

/** https://platform.claude.com/docs/en/build-with-claude/extended-thinking: no budget is smaller than 1,024. */
const BUDGET_LEAST = 1_024;
const BUDGET_MOST = 32_000;
const ANSWER_TOKENS_MIN = 1_024;
const BUDGETS: { [effort: string]: number } = { low: 2_048, medium: 8_192, high: 16_384 };

function effortOf(budgetTokens: number): string {
  if (budgetTokens <= 4_096) return 'low';
  return budgetTokens <= 16_384 ? 'medium' : 'high';
}
