import type { MeasuredKind, MeasureQuestion, StoredAlert } from '@app/store';
import { callMetrics } from './alert-metrics.ts';
import { SUBJECTS_MAX } from './judge-alert.ts';

/** A question to the trace store that answers several rules, without its times. */
export type PlannedQuestion = {
  organizationId: string;
  windowMinutes: number;
  /** Undefined for every project of the organization. */
  projectIds: string[] | undefined;
  question: Pick<MeasureQuestion, 'kinds' | 'isWhole' | 'scope' | 'order' | 'subjects'>;
  rules: PlannedRule[];
};

/** Which rows of the answer a rule looks at. */
export type PlannedRule = {
  rule: StoredAlert;
  /** What all of its scope amounts to. */
  overall: { kind: MeasuredKind; subject: string };
};

type Draft = {
  organizationId: string;
  windowMinutes: number;
  isWhole: boolean;
  projectIds: Set<string>;
  kinds: Set<MeasuredKind>;
  scope: StoredAlert['scope'];
  order: MeasureQuestion['order'];
  subjects: Set<string> | undefined;
  rules: PlannedRule[];
};

/** As many subjects as one question names. */
const NAMED_MAX = 200;

/**
 * Puts rules together that one question can answer: those of an organization over the same window. Rules about one key,
 * user or model are answered together too; what is narrower asks for itself, as often as it is asked differently.
 */
export function planQuestions(rules: readonly StoredAlert[]): PlannedQuestion[] {
  const drafts = new Map<string, Draft>();
  for (const rule of rules) {
    const metric = callMetrics[rule.metric];
    if (metric === undefined) continue;
    const single = singleScope(rule);
    const scope = single === undefined ? rule.scope : {};
    const order = single === undefined ? metric.order : 'calls';
    const place = [rule.organizationId, rule.windowMinutes, order, single !== undefined, scope];
    const draft = findDraft(drafts, JSON.stringify(place), () => ({
      ...pick(rule),
      ...{ isWhole: false, projectIds: new Set<string>(), kinds: new Set<MeasuredKind>() },
      ...{ scope, order, subjects: single === undefined ? undefined : new Set<string>(), rules: [] },
    }));
    if (rule.projectId === undefined) draft.isWhole = true;
    else draft.projectIds.add(rule.projectId);
    draft.kinds.add(single?.kind ?? 'all');
    if (single === undefined) draft.kinds.add(rule.per);
    else draft.subjects?.add(`${single.kind}:${single.subject}`);
    draft.rules.push({ rule, overall: single ?? { kind: 'all', subject: '' } });
  }
  return [...drafts.values()].map(questionOf).sort((a, b) => oldest(a) - oldest(b));
}

/** The one key, user or model that a rule is about, where it is about nothing narrower. */
function singleScope({ scope, per }: StoredAlert): { kind: MeasuredKind; subject: string } | undefined {
  const { keyId, user, model, provider } = scope;
  if (per !== 'all' || provider !== undefined) return undefined;
  const named = [
    ...(keyId === undefined ? [] : [{ kind: 'key' as const, subject: keyId }]),
    ...(user === undefined ? [] : [{ kind: 'user' as const, subject: user }]),
    ...(model === undefined ? [] : [{ kind: 'model' as const, subject: model }]),
  ];
  return named.length === 1 ? named[0] : undefined;
}

/** The draft of that name that has room, or a new one. */
function findDraft(drafts: Map<string, Draft>, name: string, create: () => Draft): Draft {
  for (let part = 0; ; part += 1) {
    const own = `${name} ${part}`;
    const found = drafts.get(own);
    if (found !== undefined && (found.subjects?.size ?? 0) >= NAMED_MAX) continue;
    const draft = found ?? create();
    drafts.set(own, draft);
    return draft;
  }
}

function pick({ organizationId, windowMinutes }: StoredAlert) {
  return { organizationId, windowMinutes };
}

function questionOf(draft: Draft): PlannedQuestion {
  const { organizationId, windowMinutes, isWhole, scope, order, rules } = draft;
  return {
    organizationId,
    windowMinutes,
    projectIds: isWhole ? undefined : [...draft.projectIds],
    question: {
      kinds: [...draft.kinds],
      isWhole,
      scope,
      order,
      subjects: draft.subjects === undefined ? undefined : [...draft.subjects],
    },
    rules,
  };
}

/** Those that waited longest come first, so that a slow store leaves nobody out for ever. */
function oldest({ rules }: PlannedQuestion): number {
  return Math.min(...rules.map(({ rule }) => rule.checkedAtMs ?? 0));
}

/** What every question asks for. */
export const subjectsMax = SUBJECTS_MAX;
