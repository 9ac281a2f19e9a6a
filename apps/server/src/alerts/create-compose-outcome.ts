import type { AlertOutcome, AlertSubject, RelationalStore, StoredAlert } from '@app/store';
import { explainChange } from './explain-change.ts';
import type { Judgement } from './judge-alert.ts';
import { type ExplainedChange, writeMessage } from './write-message.ts';

export type ComposeDeps = {
  findKeyNames: RelationalStore['alerts']['findKeyNames'];
  newId: (prefix: `${string}_`) => string;
};

/** What one look at a rule found out. */
export type Seen = {
  judgement: Judgement;
  /** What everything in its scope amounts to. */
  overall: number | undefined;
  /** How far it has read. */
  ends: { cursor: number | undefined; installationCursor: number | undefined };
  nowMs: number;
};

/** Puts together what is kept of a look at a rule: how it stands, its history in words, and its messages. */
export function createComposeOutcome({ findKeyNames, newId }: ComposeDeps) {
  return async (rule: StoredAlert, { judgement, overall, ends, nowMs }: Seen): Promise<AlertOutcome> => {
    const changes = await explain(findKeyNames, rule, judgement);
    return {
      standing: {
        ...ends,
        id: rule.id,
        revision: rule.revision,
        checkedBeforeMs: rule.checkedAtMs,
        state: judgement.state,
        stateSinceMs: judgement.stateSinceMs,
        value: overall,
        checkedAtMs: nowMs,
      },
      subjects: withTexts(judgement.subjects, changes),
      ...tell(newId, rule, { changes, more: judgement.more, nowMs }),
    };
  };
}

async function explain(
  findKeyNames: ComposeDeps['findKeyNames'],
  rule: StoredAlert,
  { changes }: Judgement,
): Promise<ExplainedChange[]> {
  if (changes.length === 0) return [];
  const ids = [
    ...(rule.scope.keyId === undefined ? [] : [rule.scope.keyId]),
    ...(rule.per === 'key' ? changes.map(({ subject }) => subject) : []),
  ];
  const names =
    ids.length === 0 ? new Map<string, string>() : await findKeyNames(rule.organizationId, { ids });
  return changes.map((change) => ({ ...change, explanation: explainChange(rule, change, names) }));
}

function withTexts(
  subjects: readonly AlertSubject[],
  changes: readonly ExplainedChange[],
): readonly AlertSubject[] {
  const texts = new Map(changes.map(({ subject, explanation }) => [subject, explanation]));
  return subjects.map((each) => ({ ...each, explanation: texts.get(each.subject) ?? each.explanation }));
}

type Telling = { changes: readonly ExplainedChange[]; more: number; nowMs: number };

function tell(
  newId: ComposeDeps['newId'],
  rule: StoredAlert,
  { changes, more, nowMs }: Telling,
): Pick<AlertOutcome, 'events' | 'messages'> {
  const messages: AlertOutcome['messages'][number][] = [];
  const ids = new Map<ExplainedChange, string>();
  for (const state of ['firing', 'resolved'] as const) {
    const told = changes.filter((change) => change.state === state && change.isTold);
    if (told.length === 0 || rule.destinations.length === 0) continue;
    const id = newId('msg_');
    const input = { id, rule, changes: told, more: state === 'firing' ? more : 0, atMs: nowMs };
    const { organizationId, destinations } = rule;
    const message = writeMessage(input);
    messages.push({ id, organizationId, alertId: rule.id, message, destinations, createdAtMs: nowMs });
    for (const change of told) ids.set(change, id);
  }
  const events = changes.map((change) => ({
    id: newId('aev_'),
    organizationId: rule.organizationId,
    projectId: rule.projectId,
    alertId: rule.id,
    alertName: rule.name,
    metric: rule.metric,
    severity: rule.severity,
    subject: change.subject,
    state: change.state,
    value: change.value,
    threshold: rule.threshold,
    atMs: nowMs,
    explanation: change.explanation,
    messageId: ids.get(change),
  }));
  return { events, messages };
}
