import { expect, test } from 'vitest';
import { makeCall } from '../test/make-call.ts';
import { readCall, writeCall } from './call-record.ts';
import type { CallSpan } from './call-span.ts';
import { buildCallRows } from './span-rows.ts';

test('a call and each of its attempts are a row, and the attempts are children of the call', () => {
  const [attempt] = makeCall(1).attempts;
  if (attempt === undefined) throw new Error('The call has an attempt.');
  const refused = {
    ...attempt,
    spanId: 'b'.repeat(16),
    status: undefined,
    outcome: 'failed' as const,
    errorCode: 'provider_timeout',
  };
  const { spans } = rowsOf(makeCall(1, { attempts: [refused, attempt] }));
  const [call] = spans;
  expect(spans.map(({ kind, span_id, parent_span_id }) => [kind, span_id, parent_span_id])).toEqual([
    ['call', call?.span_id, ''],
    ['attempt', 'b'.repeat(16), call?.span_id],
    ['attempt', attempt.spanId, call?.span_id],
  ]);
  expect(spans[1]).toMatchObject({ status: 0, outcome: 'failed', error_code: 'provider_timeout' });
  expect(new Set(spans.map(({ trace_id }) => trace_id)).size).toBe(1);
});

test('times keep the microseconds they were measured with, as RFC 3339 with nanoseconds', () => {
  const { spans, traceIndex } = rowsOf(
    makeCall(0, { startedAtMs: 1_760_000_000_000.25, endedAtMs: 1_760_000_001_000.5 }),
  );
  expect(spans[0]).toMatchObject({
    started_at: '2025-10-09T08:53:20.000250000Z',
    ended_at: '2025-10-09T08:53:21.000500000Z',
    duration_us: 1_000_250,
    ttft_us: 120_125,
  });
  expect(traceIndex).toMatchObject({
    first_at: '2025-10-09T08:53:20.000250000Z',
    last_at: '2025-10-09T08:53:21.000500000Z',
  });
});

test('a clock that was set back during a call gives no negative duration', () => {
  const [call] = rowsOf(makeCall(1, { startedAtMs: 2_000, endedAtMs: 1_000 })).spans;
  expect(call).toMatchObject({ duration_us: 0, started_at: call?.ended_at });
});

test('a token class that was not reported is null, one that was reported as none is 0', () => {
  const [call] = rowsOf(makeCall(1, { usage: { inputFresh: 0, outputText: 3.4, outputThinking: -1 } })).spans;
  expect(call).toMatchObject({ input_fresh: 0, output_text: 3, output_thinking: 0, input_cache_read: null });
});

test('the outcome tells a caller who left from a failure, also after a status of 200', () => {
  const outcomes = [
    makeCall(1),
    makeCall(1, { status: 499, errorCode: 'client_closed_request' }),
    makeCall(1, { status: 502, errorCode: 'provider_failed' }),
    makeCall(1, { status: 200, errorCode: 'provider_failed' }),
  ].map((call) => rowsOf(call).spans[0]?.outcome);
  expect(outcomes).toEqual(['ok', 'cancelled', 'failed', 'failed']);
});

test('a call without captured content has none in any column', () => {
  const { spans, contents } = rowsOf(makeCall(1, { request: undefined, reply: undefined }));
  expect(contents).toEqual([]);
  expect(spans[0]).toMatchObject({
    capture: 'metadata',
    request: '',
    reply: '',
    input_preview: '',
    output_preview: '',
  });
});

test('the previews show the last words of the user and of the model', () => {
  const request = JSON.stringify({
    messages: [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'between' },
      { role: 'user', content: [{ type: 'text', text: 'last\n  words' }, { type: 'image_url' }] },
      { role: 'user', content: [{ type: 'tool_result', content: 'no words of the user' }] },
    ],
  });
  expect(rowsOf(makeCall(1, { request })).spans[0]).toMatchObject({
    input_preview: 'last words',
    output_preview: 'answer 1',
  });
});

test('a preview has 200 characters at most and never ends within one', () => {
  const request = JSON.stringify({ prompt: `a${'😀'.repeat(300)}` });
  const preview = rowsOf(makeCall(1, { request })).spans[0]?.input_preview ?? '';
  expect(preview).toBe(`a${'😀'.repeat(99)}`);
});

test('a reply of tool calls alone is previewed by them', () => {
  const parts = [{ kind: 'tool-call' as const, id: 'c1', name: 'search', input: '{"q":1}' }];
  const reply = { id: 'r', model: 'm', parts, stop: 'tool-calls' as const, usage: {} };
  expect(rowsOf(makeCall(1, { reply })).spans[0]?.output_preview).toBe('search({"q":1})');
});

test('tags and what limits did are the call’s, and each attempt tells which key it was made with', () => {
  const [attempt] = makeCall(1).attempts;
  if (attempt === undefined) throw new Error('The call has an attempt.');
  const { spans } = rowsOf(
    makeCall(1, {
      tags: ['team:search', 'batch'],
      limits: {
        refusedBy: 'lim_1',
        refusedByName: 'Everyone’s tokens',
        routedBy: 'bud_1',
        routedByName: 'Month',
        outputTokensMax: 300,
      },
      attempts: [
        { ...attempt, spanId: 'b'.repeat(16), credential: 'cred_1' },
        { ...attempt, credential: 'cred_2' },
      ],
    }),
  );
  const none = { limit_refused: '', limit_refused_name: '', limit_routed: '', limit_routed_name: '' };
  expect(spans).toMatchObject([
    {
      credential: 'cred_2',
      tags: ['team:search', 'batch'],
      limit_refused: 'lim_1',
      limit_refused_name: 'Everyone’s tokens',
      limit_routed: 'bud_1',
      limit_routed_name: 'Month',
      output_cap: 300,
    },
    { credential: 'cred_1', tags: [], ...none, output_cap: null },
    { credential: 'cred_2', tags: [], ...none, output_cap: null },
  ]);
});

test('a call from a spool of before limits were recorded has none of it in its columns', () => {
  const [call, attempt] = rowsOf(makeCall(1)).spans;
  const none = { credential: '', tags: [], limit_refused: '', limit_routed: '', output_cap: null };
  expect(call).toMatchObject(none);
  expect(attempt).toMatchObject(none);
});

function rowsOf(call: CallSpan) {
  const { head, contents } = writeCall(call);
  return buildCallRows(readCall([head, ...contents]), (content) => `digest of ${content}`);
}
