import { type Batch, readBatch } from '@app/tracing';
import { expect, test } from 'vitest';
import { otlpBody, spanIdOf } from '../../test/otlp-body.ts';
import { createRedactSpans } from './create-redact-spans.ts';

const redact = createRedactSpans(Buffer.alloc(32, 1));
const at = { receivedAtMs: 1_800_000_000_000, mode: 'live' } as const;
const startMs = at.receivedAtMs - 1_000;
const traceId = 'c'.repeat(32);

const PLANTED = ['ada@example.com', '4111 1111 1111 1111', 'GB82 WEST 1234 5698 7654 32'];
const told = `mail ${PLANTED[0]} card ${PLANTED[1]} account ${PLANTED[2]}`;

function sdkBatch(span: object): Batch {
  const whole = {
    ...{ trace_id: traceId, span_id: spanIdOf(1), type: 'generation', outcome: 'ok' },
    ...{ start_ms: startMs, end_ms: startMs + 10, ...span },
  };
  const body = { sdk: { name: 'lab', version: '1' }, spans: [whole] };
  return readBatch('sdk', Buffer.from(JSON.stringify(body)), at);
}

test('nothing planted in any text of a span of OpenTelemetry is left, and the counts are beside it', () => {
  const body = otlpBody([
    { startMs, name: `chat ${PLANTED[0]}`, attributes: { 'gen_ai.input.messages': told, 'my.own': told } },
  ]).replace('"status":{"code":1}', `"status":{"code":2,"message":"no ${PLANTED[1]}"}`);
  const redacted = redact(readBatch('otlp-json', Buffer.from(body), at), 'proj_a');
  const text = JSON.stringify(redacted);
  for (const planted of PLANTED) expect(text).not.toContain(planted);
  const [span] = redacted.spans;
  expect(span?.source === 'otlp' && span.redactions).toMatchObject({ EMAIL: 3, CARD: 3, IBAN: 2 });
  expect(span).toMatchObject({ traceId: 'a'.repeat(32), spanId: spanIdOf(1), startedAtMs: startMs });
});

test('nothing planted in any text of a span of ours is left, and what its sender took out is counted too', () => {
  const redacted = redact(
    sdkBatch({
      ...{ name: 'chat', input: { messages: [{ role: 'user', content: told }] }, output: [told] },
      ...{ metadata: { deep: [{ note: told }] }, tags: [PLANTED[0]], error: { code: 'x', message: told } },
      ...{ redactions: { EMAIL: 5 }, usage: { input_uncached: 3, output_text: 4 } },
    }),
    'proj_a',
  );
  const text = JSON.stringify(redacted);
  for (const planted of PLANTED) expect(text).not.toContain(planted);
  const [span] = redacted.spans;
  expect(span?.source === 'sdk' && span.span).toMatchObject({
    usage: { input_uncached: 3, output_text: 4 },
    error: { code: 'x' },
    redactions: { EMAIL: 10, CARD: 4, IBAN: 4 },
  });
});

test('log probabilities, which tell a text token by token, do not stay', () => {
  const logprobs = {
    content: [
      { token: 'ada', logprob: -0.1 },
      { token: '@exam', logprob: -0.2 },
    ],
  };
  const output = { choices: [{ message: { content: PLANTED[0] }, logprobs }] };
  const plain = redact(sdkBatch({ name: 'chat', output, input: { prompt: [64, 8910] } }), 'proj_a');
  const attributes = { 'output.value': JSON.stringify(output) };
  const batch = readBatch('otlp-json', Buffer.from(otlpBody([{ startMs, attributes }])), at);
  for (const text of [plain, redact(batch, 'proj_a')].map((each) => JSON.stringify(each))) {
    expect(text).toContain('[EMAIL_1]');
    expect(text).not.toContain('exam');
    expect(text).not.toContain('8910');
  }
});

test('counts, models and ids stay what they are', () => {
  const attributes = {
    ...{ 'gen_ai.usage.input_tokens': 12, 'llm.token_count.total': 40, 'gen_ai.request.max_tokens': 100 },
    ...{ 'gen_ai.request.model': 'gpt-4o-2024-08-06', 'gen_ai.response.id': 'chatcmpl-9f8a7b6c5d4e3f2a1b' },
    ...{ 'session.id': 'session-2f9c1b7a40d35e68', 'gen_ai.conversation.id': 'conv_1', 'user.id': 'u1' },
    ...{ 'gen_ai.provider.name': 'openai', 'langfuse.observation.usage_details': '{"input":12,"total":40}' },
  };
  const batch = readBatch('otlp-json', Buffer.from(otlpBody([{ startMs, attributes }])), at);
  const [span] = redact(batch, 'proj_a').spans;
  expect(span?.source === 'otlp' && span.attributes).toEqual(
    batch.spans[0]?.source === 'otlp' && batch.spans[0].attributes,
  );
});

test('a user who is an address is one user within a project, and another in another', () => {
  const user = (projectId: string, name: string) => {
    const [span] = redact(sdkBatch({ name: 'chat', user_id: name }), projectId).spans;
    return span?.source === 'sdk' ? span.span.user_id : undefined;
  };
  const ada = user('proj_a', 'ada@example.com');
  expect(ada).toMatch(/^\[EMAIL_[0-9a-f]{12}\]$/);
  expect(user('proj_a', 'ada@example.com')).toBe(ada);
  expect(user('proj_a', 'eve@example.com')).not.toBe(ada);
  expect(user('proj_b', 'ada@example.com')).not.toBe(ada);
  expect(user('proj_a', 'user-17')).toBe('user-17');
});

test('a short word that is private gets a name, the same each time, and all others stay what they are', () => {
  const mail = 'ada@example.com';
  const words = {
    ...{ provider: mail, model: mail, model_asked: mail, finish_reason: mail, service_tier: mail },
    ...{
      request_id: mail,
      gateway_request_id: '4111 1111 1111 1111',
      tool_name: mail,
      error: { code: mail },
    },
    prompt: { name: mail, version: mail },
  };
  const about = { environment: mail, release: mail, service: mail };
  const scores = [{ id: mail, trace_id: traceId, name: mail, value: mail }];
  const batch = { ...sdkBatch({ name: 'chat', ...words }), scores: scoresOf(scores) };
  const [span] = batch.spans;
  const redacted = redact(
    { ...batch, spans: span?.source === 'sdk' ? [{ ...span, ...about }] : [] },
    'proj_a',
  );
  expect(JSON.stringify(redacted)).not.toContain(mail);
  expect(JSON.stringify(redacted)).not.toContain('4111');
  const [after] = redacted.spans;
  expect(after?.source === 'sdk' && after.environment).toMatch(/^\[EMAIL_[0-9a-f]{12}\]$/);
  expect(after?.source === 'sdk' && after.span.model).toBe(after?.source === 'sdk' && after.environment);

  const plain = {
    ...{
      provider: 'openai',
      finish_reason: 'tool_calls',
      service_tier: 'flex',
      error: { code: 'rate_limit' },
    },
    ...{ request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy', gateway_request_id: 'req_01k2v3w4x5y6z7a8b9c0d1e2f3' },
    prompt: { name: 'answer', version: '2026-03-04' },
  };
  for (const model of MODELS) {
    const [kept] = redact(sdkBatch({ name: 'chat', ...plain, model, model_asked: model }), 'proj_a').spans;
    expect(kept?.source === 'sdk' && kept.span).toMatchObject({ ...plain, model, model_asked: model });
  }
});

const scoresOf = (scores: object[]) =>
  readBatch('sdk', Buffer.from(JSON.stringify({ sdk: { name: 'lab', version: '1' }, scores })), at).scores;

const MODELS = [
  ...['gpt-4o-2024-08-06', 'gpt-4-1106-preview', 'o1-2024-12-17', 'claude-3-5-sonnet-20241022'],
  ...['us.anthropic.claude-3-5-sonnet-20241022-v2:0', 'gemini-2.5-pro-preview-05-06', 'grok-4-0709'],
  ...['accounts/fireworks/models/llama-v3p1-405b-instruct', 'publishers/google/models/gemini-2.0-flash-001'],
  ...['mistral-large-2411', 'text-embedding-3-small', 'deepseek/deepseek-chat-v3-0324:free', 'qwen2.5-72b'],
  ...['ft:gpt-4o-mini-2024-07-18:acme::9qJ2kXyZ', '@cf/meta/llama-3.1-8b-instruct', 'command-r-08-2024'],
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0',
];
