import type { CallSpan } from '../src/call-span.ts';

/** A call that went well at the first attempt; `number` makes its ids its own. */
export function makeCall(number: number, changes: Partial<CallSpan> = {}): CallSpan {
  const hex = number.toString(16);
  const startedAtMs = 1_760_000_000_000.25 + number;
  const cost = { nanos: 1_250, label: 'exact', priceVersion: 'table@2026-01-01' } as const;
  const usage = { inputFresh: 12, outputText: 7 };
  return {
    requestId: `req_${hex}`,
    traceId: hex.padStart(32, '0'),
    spanId: hex.padStart(16, 'c'),
    parentSpanId: undefined,
    organizationId: 'org_1',
    projectId: 'proj_1',
    keyId: 'key_1',
    mode: 'live',
    environment: 'production',
    userId: 'someone',
    route: '/v1/chat/completions',
    dialect: 'openai-chat',
    stream: false,
    startedAtMs,
    endedAtMs: startedAtMs + 300.5,
    ttftMs: 120.125,
    modelAsked: 'fast',
    provider: 'openai',
    model: 'gpt-x',
    status: 200,
    errorCode: undefined,
    errorMessage: undefined,
    usage,
    cost,
    losses: [],
    attempts: [
      {
        spanId: hex.padStart(16, 'a'),
        provider: 'openai',
        model: 'gpt-x',
        startedAtMs: startedAtMs + 1,
        endedAtMs: startedAtMs + 300,
        ttftMs: 119,
        status: 200,
        outcome: 'ok',
        errorCode: undefined,
        errorMessage: undefined,
        usage,
        cost,
      },
    ],
    request: JSON.stringify({ model: 'fast', messages: [{ role: 'user', content: `question ${number}` }] }),
    reply: {
      id: `reply-${number}`,
      model: 'gpt-x',
      parts: [{ kind: 'text', text: `answer ${number}` }],
      stop: 'end',
      usage,
    },
    ...changes,
  };
}
