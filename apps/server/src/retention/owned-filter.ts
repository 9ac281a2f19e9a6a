import type { CallFilter, OwnedFilter } from '@app/store';

/**
 * The same question to PostgreSQL's rows. Undefined where they cannot answer it: a reply knows its call's request and not
 * its trace, and is then found by its request.
 */
export function ownedFilterOf({ filter, beforeMs, isTestOnly }: CallFilter): OwnedFilter | undefined {
  const { trace_id, user, session, tag, from, to } = filter;
  if (trace_id !== undefined) return undefined;
  return {
    user,
    session,
    tag,
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? beforeMs : Math.min(beforeMs, Date.parse(to)),
    isTestOnly,
  };
}
