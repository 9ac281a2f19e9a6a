import type { AppliedLimit, Limit, LimitFacts, Principal, ScopeKind } from '@app/gateway';
import type { ChangedLimit } from '@app/store';

export type LimitIndex = {
  /** Every limit that applies, in time by how many apply and not by how many there are. */
  findLimits(principal: Principal, facts: LimitFacts): readonly AppliedLimit[];
  findLimit(id: string): Limit | undefined;
  /** Puts a limit in, changes it, or takes it out when it was deleted. */
  apply(change: ChangedLimit): void;
  size(): number;
};

/** Limits of one organization or of one project: by what they count, then by whose calls. */
type Owned = Map<ScopeKind, Map<string, AppliedLimit[]>>;

/** All limits and budgets in memory, by whose calls they count. */
export function createLimitIndex(): LimitIndex {
  const byId = new Map<string, Limit>();
  const byOwner = new Map<string, Owned>();

  const remove = (limit: Limit): void => {
    byId.delete(limit.id);
    const owned = byOwner.get(ownerOf(limit));
    const ofKind = owned?.get(limit.scope.kind);
    const id = nameOf(limit);
    const left = ofKind?.get(id)?.filter((each) => each.limit.id !== limit.id);
    if (owned === undefined || ofKind === undefined || left === undefined) return;
    if (left.length > 0) ofKind.set(id, left);
    else ofKind.delete(id);
    if (ofKind.size === 0) owned.delete(limit.scope.kind);
    if (owned.size === 0) byOwner.delete(ownerOf(limit));
  };
  const insert = (limit: Limit): void => {
    byId.set(limit.id, limit);
    const owned = childOf(byOwner, ownerOf(limit));
    const ofKind = childOf(owned, limit.scope.kind);
    const id = nameOf(limit);
    ofKind.set(id, [...(ofKind.get(id) ?? []), { limit, subject: '' }]);
  };
  return {
    findLimits: (principal, facts) => {
      const shared = byOwner.get(principal.organizationId);
      const own = byOwner.get(principal.projectId);
      if (shared === undefined && own === undefined) return NONE;
      const found: AppliedLimit[] = [];
      collect(found, shared, { principal, facts });
      collect(found, own, { principal, facts });
      return found;
    },
    findLimit: (id) => byId.get(id),
    apply: (change) => {
      const known = byId.get(change.id);
      if (known !== undefined) remove(known);
      if (!change.isDeleted) insert(limitOf(change));
    },
    size: () => byId.size,
  };
}

const NONE: readonly AppliedLimit[] = [];

type Asked = { principal: Principal; facts: LimitFacts };

function collect(found: AppliedLimit[], owned: Owned | undefined, { principal, facts }: Asked): void {
  if (owned === undefined) return;
  add(found, owned.get('organization'), principal.organizationId);
  add(found, owned.get('project'), principal.projectId);
  add(found, owned.get('key'), principal.keyId);
  if (facts.userId !== undefined) add(found, owned.get('user'), subjectOf(facts.userId));
  addTags(found, owned.get('tag'), facts.tags);
  if (facts.target !== undefined) addModel(found, owned.get('model'), facts.target);
}

/** Those that name this one, and those that count each by itself. */
function add(found: AppliedLimit[], limits: Map<string, AppliedLimit[]> | undefined, id: string): void {
  if (limits === undefined) return;
  const named = id === '*' ? undefined : limits.get(id);
  if (named !== undefined) for (const each of named) found.push(each);
  const each = limits.get('*');
  if (each !== undefined) for (const { limit } of each) found.push({ limit, subject: id });
}

function addTags(
  found: AppliedLimit[],
  limits: Map<string, AppliedLimit[]> | undefined,
  tags: readonly string[],
): void {
  if (limits === undefined || tags.length === 0) return;
  // A tag that the key has and the call repeats counts once.
  for (const tag of new Set(tags)) add(found, limits, subjectOf(tag));
}

/** A limit may name a model at one provider, or wherever it is served. */
function addModel(
  found: AppliedLimit[],
  limits: Map<string, AppliedLimit[]> | undefined,
  { providerId, model }: { providerId: string; model: string },
): void {
  if (limits === undefined) return;
  const name = model.toLowerCase();
  for (const each of limits.get(name) ?? []) found.push(each);
  add(found, limits, `${providerId}/${name}`);
}

/** Some providers take a model's name in any case; who spells it otherwise is not to be counted elsewhere. */
function nameOf({ scope }: Limit): string {
  return scope.kind === 'model' ? scope.id.toLowerCase() : scope.id;
}

const SUBJECT_MAX = 256;

/**
 * The name of a count from a text of the caller's. What is too long shares a count with what begins alike, which never
 * allows more; what a database cannot hold is replaced.
 */
function subjectOf(text: string): string {
  const short = text.length > SUBJECT_MAX ? text.slice(0, SUBJECT_MAX) : text;
  return short.includes('\0') || !short.isWellFormed()
    ? short.toWellFormed().replaceAll('\0', '\ufffd')
    : short;
}

function ownerOf(limit: Limit): string {
  return limit.projectId ?? limit.organizationId;
}

function childOf<Key, ChildKey, Value>(map: Map<Key, Map<ChildKey, Value>>, key: Key): Map<ChildKey, Value> {
  const found = map.get(key) ?? new Map<ChildKey, Value>();
  map.set(key, found);
  return found;
}

/** A limit as the hot path knows it, from its row. */
function limitOf({ budget, extra, ...row }: ChangedLimit): Limit {
  return {
    id: row.id,
    name: row.name,
    organizationId: row.organizationId,
    projectId: row.projectId,
    scope: row.scope,
    measure: row.measure,
    period: row.period,
    max: row.max,
    enforcement: row.enforcement,
    zone: row.zone,
    ...(extra === undefined
      ? {}
      : { extra: { periodStartMs: extra.periodStartMs, bySubject: new Map(extra.bySubject) } }),
    ...(budget === undefined
      ? {}
      : {
          budget: {
            action: actionOf(budget),
            warnPercents: budget.warnPercents,
            isStrict: budget.isStrict,
          },
        }),
  };
}

function actionOf({ action, routeModel }: NonNullable<ChangedLimit['budget']>) {
  if (action === 'route' && routeModel !== undefined) return { kind: 'route' as const, model: routeModel };
  return action === 'ask' ? { kind: 'ask' as const } : { kind: 'block' as const };
}
