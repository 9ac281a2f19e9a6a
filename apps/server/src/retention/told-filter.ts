import type { DataFilter } from '@app/contract';
import type { CallFilter, ToldFilter, ToldOfUser } from '@app/store';
import { quoted } from '../alerts/explain-change.ts';

type Named = Pick<DataFilter, 'trace_id' | 'user' | 'session' | 'tag' | 'from' | 'to'>;

/**
 * The same question to what alerts and anomalies tell. They know of users and times, and neither of traces, sessions and
 * tags nor of test keys: undefined for a question that names one of these.
 */
export function toldFilterOf(asked: { filter: Named; isTestOnly: boolean }): ToldFilter | undefined {
  const { trace_id, user, session, tag, from, to } = asked.filter;
  if (asked.isTestOnly || trace_id !== undefined || session !== undefined || tag !== undefined)
    return undefined;
  return {
    // As sentences say it: `User "ann": ...`, or `..., user "ann" makes ...`.
    user: user === undefined ? undefined : { id: user, mention: `ser ${quoted(user)}` },
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  };
}

/** What a deletion is to reach there: undefined where it names no user. */
export function toldOfUser(asked: Pick<CallFilter, 'filter' | 'isTestOnly'>): ToldOfUser | undefined {
  const told = toldFilterOf(asked);
  return told?.user === undefined ? undefined : { ...told, user: told.user };
}
