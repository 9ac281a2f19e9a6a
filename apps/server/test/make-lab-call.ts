import type { CallSpan } from '@app/tracing';

export type LabCall = {
  projectId: string;
  organizationId: string;
  /** Makes its ids its own. */
  number: number;
  says: readonly string[];
  startedAtMs: number;
  userId?: string;
  sessionId?: string;
  tags?: string[];
  mode?: 'live' | 'test';
  /** Of several calls in one trace. */
  traceNumber?: number;
};

/** A call with one attempt that said these messages and was answered in a word. */
export function makeLabCall({ number, says, startedAtMs, traceNumber, ...about }: LabCall): CallSpan {
  const hex = number.toString(16);
  const usage = { inputFresh: 12, outputText: 7 };
  const cost = { nanos: 1_250, label: 'exact', priceVersion: 'table@2026-01-01' } as const;
  const shared = {
    provider: 'openai',
    model: 'gpt-x',
    ttftMs: undefined,
    status: 200,
    errorCode: undefined,
    errorMessage: undefined,
    usage,
    cost,
  };
  const messages = says.map((content) => ({ role: 'user', content }));
  return {
    mode: 'live',
    userId: undefined,
    ...about,
    ...shared,
    requestId: `req_${hex}`,
    traceId: (traceNumber ?? number).toString(16).padStart(32, '0'),
    spanId: hex.padStart(16, 'c'),
    parentSpanId: undefined,
    keyId: 'key_1',
    environment: 'production',
    route: '/v1/chat/completions',
    dialect: 'openai-chat',
    stream: false,
    startedAtMs,
    endedAtMs: startedAtMs + 200,
    modelAsked: 'fast',
    losses: [],
    attempts: [
      {
        ...shared,
        spanId: hex.padStart(16, 'a'),
        startedAtMs: startedAtMs + 1,
        endedAtMs: startedAtMs + 199,
        outcome: 'ok',
      },
    ],
    request: JSON.stringify({ model: 'fast', messages }),
    reply: { id: `reply_${hex}`, model: 'gpt-x', parts: [{ kind: 'text', text: 'yes' }], stop: 'end', usage },
  };
}
