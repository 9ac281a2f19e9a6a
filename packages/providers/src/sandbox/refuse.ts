import type { CallerDialectId, GatewayError, JsonObject } from '@app/protocol';
import type { Ids } from './make-ids.ts';
import { refuseAsAnthropic } from './refuse-as-anthropic.ts';
import { refuseAsGoogle } from './refuse-as-google.ts';
import { refuseAsOpenAi } from './refuse-as-openai.ts';

/** An answer that is an error, with the status, headers and body of the real provider. */
export type Refusal = { status: number; headers: { [name: string]: string }; body: JsonObject };

export type RefusalKind = '429' | '500' | 'context-length' | 'no-such-model' | 'unreadable';

export type RefusalFacts = {
  model: string;
  ids: Ids;
  nowMs: number;
  dialect: CallerDialectId;
  error?: GatewayError;
};

/** How a provider of this dialect refuses. */
export function refuse(
  dialect: CallerDialectId,
  kind: RefusalKind,
  facts: Omit<RefusalFacts, 'dialect'>,
): Refusal {
  return REFUSERS[dialect](kind, { ...facts, dialect });
}

/** How a provider of this dialect refuses a request that it cannot read. */
export function refuseRequest(dialect: CallerDialectId, error: GatewayError, ids: Ids): Refusal {
  return refuse(dialect, 'unreadable', { model: '', ids, nowMs: 0, error });
}

const REFUSERS: Record<CallerDialectId, (kind: RefusalKind, facts: RefusalFacts) => Refusal> = {
  'openai-chat': refuseAsOpenAi,
  'openai-responses': refuseAsOpenAi,
  'openai-completions': refuseAsOpenAi,
  'anthropic-messages': refuseAsAnthropic,
  gemini: refuseAsGoogle,
};
