import type { AddressNews, RelationalStore, StoredAlert, StoredAnomaly } from '@app/store';
import { keyText, quoted } from './explain-change.ts';
import type { Finding, Findings } from './judge-alert.ts';

/** What happened, of which a rule may want to hear; a part of a link of an audit chain. */
export type WatchedEvent = {
  sequence: number;
  atMs: number;
  action: string;
  outcome: string;
  actorKind: string;
  actorId: string | null;
  actorLabel: string | null;
  actorRole: string | null;
  ip: string | null;
  projectId: string | null;
  targetKind: string | null;
  targetId: string | null;
  targetName: string | null;
  count: number;
};

/** Events of a chain after a number, oldest first. */
type ReadAuditEvents = (
  chain: string,
  after: { afterSequence: number; limit: number },
) => Promise<WatchedEvent[]>;

export type WatchDeps = {
  readAuditEvents: ReadAuditEvents;
  listAddressNews: RelationalStore['alerts']['listAddressNews'];
  listCurrentAnomalies: RelationalStore['anomalies']['listCurrentAnomalies'];
  /** The organization that runs the installation, and the chain of what belongs to no organization. */
  installation: string;
  installationChain: string;
};

/** What a rule heard, and how far it has read. */
export type Heard = { findings: Findings; cursor?: number; installationCursor?: number };

const BATCH = 500;
const MINUTE_MS = 60_000;

/** What happened since a rule was looked at last, for the rules that follow what happens instead of measuring calls. */
export function createWatchEvents(deps: WatchDeps) {
  return async (rule: StoredAlert, nowMs: number): Promise<Heard | undefined> => {
    switch (rule.metric) {
      case 'audit_event':
        return hearAudit(deps, rule, nowMs);
      case 'new_address':
        return hearAddresses(deps, rule, nowMs);
      case 'anomaly':
        return { findings: findAnomalies(rule, await deps.listCurrentAnomalies(rule.organizationId, rule)) };
      default:
        return undefined;
    }
  };
}

async function hearAudit(deps: WatchDeps, rule: StoredAlert, nowMs: number): Promise<Heard> {
  const { organizationId, projectId, actions } = rule;
  const own = await deps.readAuditEvents(organizationId, { afterSequence: rule.cursor ?? 0, limit: BATCH });
  const isWhole = projectId === undefined;
  const others =
    isWhole && organizationId === deps.installation
      ? await deps.readAuditEvents(deps.installationChain, {
          afterSequence: rule.installationCursor ?? 0,
          limit: BATCH,
        })
      : [];
  const heard = [...own, ...others]
    .filter((event) => isWhole || event.projectId === projectId)
    .filter(({ action }) => actions.length === 0 || actions.includes(action));
  const byAction = Map.groupBy(heard, ({ action }) => action);
  const found = [...byAction].map(([subject, events]) =>
    momentary(rule, { subject, value: countOf(events), text: auditText(events), nowMs }),
  );
  return {
    findings: { found, overall: countOf(heard), hasData: true },
    ...endOf(own, 'cursor'),
    ...endOf(others, 'installationCursor'),
  };
}

async function hearAddresses(deps: WatchDeps, rule: StoredAlert, nowMs: number): Promise<Heard> {
  const { organizationId, projectId, scope } = rule;
  const news = await deps.listAddressNews(organizationId, { after: rule.cursor ?? 0, limit: BATCH });
  const heard = news
    .filter((each) => projectId === undefined || each.projectId === projectId)
    .filter((each) => scope.keyId === undefined || each.keyId === scope.keyId);
  const byKey = Map.groupBy(heard, ({ keyId }) => keyId);
  const found = [...byKey].map(([subject, own]) =>
    momentary(rule, { subject, value: own.length, text: addressText(own), nowMs }),
  );
  return { findings: { found, overall: heard.length, hasData: true }, ...endOf(news, 'cursor') };
}

/** Anomalies begin and end by themselves: each fires for as long as it is not over. */
function findAnomalies({ scope, projectId }: StoredAlert, anomalies: readonly StoredAnomaly[]): Findings {
  const { keyId: key, user, model } = scope;
  const wanted = Object.entries({ key, user, model }).filter(([, subject]) => subject !== undefined);
  const found = anomalies
    .filter(
      ({ kind, subject }) => wanted.length === 0 || wanted.some(([k, s]) => k === kind && s === subject),
    )
    .map((anomaly) => ({
      subject: [...(projectId === undefined ? [anomaly.projectId] : []), anomaly.metric, anomaly.kind]
        .concat(anomaly.subject)
        .join('/'),
      value: Math.abs(anomaly.score),
      isBreach: true,
      text: anomaly.explanation,
    }));
  return { found, overall: found.length, hasData: true };
}

/** Something that happened at one moment is held to go on, so that pages show it, for the rule's window or its cool-down. */
function momentary(
  { windowMinutes, cooldownMinutes }: StoredAlert,
  { nowMs, ...finding }: Pick<Finding, 'subject' | 'value' | 'text'> & { nowMs: number },
): Finding {
  const heldUntilMs = nowMs + Math.max(windowMinutes, cooldownMinutes) * MINUTE_MS;
  return { ...finding, isBreach: true, heldUntilMs };
}

function countOf(events: readonly { count: number }[]): number {
  return events.reduce((sum, { count }) => sum + count, 0);
}

function endOf<Name extends 'cursor' | 'installationCursor'>(
  read: readonly { sequence: number }[],
  name: Name,
): { [key in Name]?: number } {
  const last = read.at(-1)?.sequence;
  return (last === undefined ? {} : { [name]: last }) as { [key in Name]?: number };
}

function auditText(events: readonly WatchedEvent[]): string {
  const [event] = events;
  if (event === undefined) return '';
  const { actorLabel, actorId, actorKind, actorRole, targetKind, targetName, targetId, outcome } = event;
  const who = `${quoted(actorLabel ?? actorId ?? actorKind)}${actorRole === null ? '' : ` (${actorRole})`}`;
  const what = targetKind === null ? '' : ` on ${targetKind} ${quoted(targetName ?? targetId ?? '')}`;
  const how = outcome === 'done' ? '' : `, which ${outcome === 'refused' ? 'was refused' : 'failed'},`;
  const from = event.ip === null ? '' : ` from ${event.ip}`;
  const others = countOf(events) - 1;
  const more = others > 0 ? ` And ${others} more of it.` : '';
  const at = new Date(event.atMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${who} did ${event.action}${what}${how}${from} at ${at}.${more}`;
}

function addressText(news: readonly AddressNews[]): string {
  const [first] = news;
  if (first === undefined) return '';
  const { keyId, keyName, ip, range } = first;
  const key = keyText(keyId, new Map([[keyId, keyName]]));
  const more = news.length > 1 ? ` And from ${news.length - 1} more such networks.` : '';
  return `K${key.slice(1)} was used from ${ip}, of the network ${range}, from which it was never used before.${more}`;
}
