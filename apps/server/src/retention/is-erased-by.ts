import type { Erasure } from '@app/store';

/** What a call said of itself, as far as a deletion asks for it. */
export type CallFacts = {
  /** Absent where it is not known yet. */
  traceId?: string;
  mode: 'live' | 'test';
  createdAtMs: number;
  by: { userId: string | undefined; sessionId: string | undefined; tags: readonly string[] };
};

/** Whether a call is among what a deletion is about: all that it names holds, and the call began before it was asked for. */
export function isErasedBy({ filter, requestedAtMs, isTestOnly }: Erasure, call: CallFacts): boolean {
  const { trace_id, user, session, tag, from, to } = filter;
  if (call.createdAtMs >= requestedAtMs) return false;
  if (isTestOnly && call.mode !== 'test') return false;
  if (trace_id !== undefined && call.traceId !== trace_id) return false;
  if (user !== undefined && call.by.userId !== user) return false;
  if (session !== undefined && call.by.sessionId !== session) return false;
  if (tag !== undefined && !call.by.tags.includes(tag)) return false;
  if (from !== undefined && call.createdAtMs < Date.parse(from)) return false;
  return to === undefined || call.createdAtMs < Date.parse(to);
}
