import { expect, test } from 'vitest';
import { makeCall } from '../test/make-call.ts';
import { readCall, writeCall } from './call-record.ts';
import type { CallSpan } from './call-span.ts';
import { createProjectRedactors } from './create-project-redactors.ts';
import { redactCall } from './redact-call.ts';
import { buildCallRows } from './span-rows.ts';

const redactorsOf = createProjectRedactors(Buffer.alloc(32, 1));
const PLANTED = ['ada@example.com', '4111 1111 1111 1111', 'GB82 WEST 1234 5698 7654 32'];
const told = PLANTED.join(' and ');
const [mail = ''] = PLANTED;

function redact(changes: Partial<CallSpan>) {
  const { head, contents } = writeCall(makeCall(1, { mustRedact: true, ...changes }));
  return redactCall(readCall([head, ...contents]), redactorsOf('proj_1'));
}

function rowsOf(changes: Partial<CallSpan>) {
  return buildCallRows(redact(changes), (content) => `${content.length}`.padStart(43, 'd'));
}

function replyOf(text: string): NonNullable<CallSpan['reply']> {
  return { id: 'r', model: 'm', parts: [{ kind: 'text', text }], stop: 'end', usage: {} };
}

test('nothing planted in any text of a call is left in any row, and the counts are beside it', () => {
  const [attempt] = makeCall(1).attempts;
  if (attempt === undefined) throw new Error('The call has an attempt.');
  const rows = rowsOf({
    ...{
      userId: mail,
      sessionId: told,
      modelAsked: told,
      provider: mail,
      model: mail,
      tags: [mail, 'team-a'],
    },
    ...{ errorMessage: `refused: ${told}`, losses: [{ path: `messages[].${mail}`, why: 'unsupported' }] },
    attempts: [
      {
        ...{ ...attempt, provider: mail, model: mail, errorMessage: told },
        billing: { serviceTier: mail, geo: mail },
      },
    ],
    request: JSON.stringify({
      ...{ model: mail, system: told, [mail]: true, tools: [{ name: 'send', description: told }] },
      messages: [{ role: 'user', content: [{ type: 'text', text: told }] }],
    }),
    reply: {
      ...{ ...replyOf(told), rawStop: mail, id: mail },
      parts: [
        { kind: 'thinking', text: told },
        { kind: 'text', text: told },
        { kind: 'tool-call', id: 'c1', name: 'send', input: JSON.stringify({ deep: [{ to: told }] }) },
      ],
    },
  });
  const text = JSON.stringify(rows);
  for (const planted of PLANTED) expect(text).not.toContain(planted);
  const [call, row] = rows.spans;
  expect(call).toMatchObject({ capture: 'redacted', tags: [expect.stringMatching(/^\[EMAIL_/), 'team-a'] });
  expect(row).toMatchObject({ capture: 'redacted', redactions: '' });
  expect(JSON.parse(call?.redactions ?? '')).toEqual({ EMAIL: 23, CARD: 10, IBAN: 10 });
  // The same value has the same placeholder in what was asked and what was answered.
  expect(call?.output_preview).toBe('[EMAIL_1] and [CARD_1] and [IBAN_1]');
  expect(call?.input_preview).toBe('[EMAIL_1] and [CARD_1] and [IBAN_1]');
});

test('a call that need not be redacted is stored as it came, and one without content still hides who called', () => {
  const { head, contents } = writeCall(makeCall(1, { reply: replyOf(told) }));
  const { spans } = buildCallRows(readCall([head, ...contents]), () => 'd'.repeat(43));
  expect(spans[0]).toMatchObject({ capture: 'full', output_preview: told, redactions: '' });
  const quiet = rowsOf({ request: undefined, reply: undefined, userId: mail });
  expect(quiet.spans[0]).toMatchObject({ capture: 'metadata', redactions: '{"EMAIL":1}', request: '' });
  expect(quiet.spans[0]?.user_id).toMatch(/^\[EMAIL_[0-9a-f]{12}\]$/);
});

test('a user who is an address is one user in calls and in spans of a project, and another in another', () => {
  const userOf = (projectId: string) => {
    const { head, contents } = writeCall(makeCall(1, { userId: mail }));
    return redactCall(readCall([head, ...contents]), redactorsOf(projectId)).head.userId;
  };
  expect(userOf('proj_1')).toBe(redactorsOf('proj_1').names.begin().text(mail));
  expect(userOf('proj_2')).not.toBe(userOf('proj_1'));
});

const ORDINARY = [
  {
    ...{
      model: 'gpt-4o-2024-08-06',
      max_tokens: 4096,
      max_completion_tokens: 16384,
      temperature: 0.7,
      seed: 7,
    },
    ...{
      stream_options: { include_usage: true },
      prompt_cache_key: 'tenant-a',
      logit_bias: { '50256': -100 },
    },
    messages: [
      { role: 'system', content: 'Answer in one word.' },
      { role: 'assistant', tool_calls: [{ id: 'call_9pw1qnYScqvGrCH58HWCvFH6', type: 'function' }] },
      { role: 'tool', tool_call_id: 'call_9pw1qnYScqvGrCH58HWCvFH6', content: '{"celsius":21.5}' },
    ],
    tools: [{ type: 'function', function: { name: 'sign_in', parameters: schemaOf('password') } }],
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: schemaOf('token') } },
  },
  {
    ...{
      model: 'claude-sonnet-4-5-20250929',
      max_tokens: 1024,
      thinking: { type: 'enabled', budget_tokens: 9000 },
    },
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_01A09q90qw90lq917835lq9' }] },
    ],
  },
  {
    contents: [{ role: 'user', parts: [{ text: 'How far is the moon? 384400 km.' }] }],
    generationConfig: { maxOutputTokens: 800, thinkingConfig: { thinkingBudget: 1024 }, topK: 40 },
    safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  },
  {
    ...{
      model: 'gpt-5',
      input: 'What is 17 times 23?',
      previous_response_id: 'resp_67ccd3a9da748190baa7f1570fe91ac6',
    },
    ...{ max_output_tokens: 2000, reasoning: { effort: 'low' }, metadata: { trip: '2026-03-04' } },
  },
];

test.each(ORDINARY)('an ordinary request stays what it is: %#', (body) => {
  const text = JSON.stringify(body);
  const redacted = redact({ request: text, reply: replyOf('391.') });
  expect(redacted.request).toBe(text);
  expect(redacted.redactions).toEqual({});
});

test('what says a text token by token goes: log probabilities, and prompts of numbers', () => {
  const pieces = ['ada', '@exam', 'ple.com'].map((token) => ({
    token,
    logprob: -0.1,
    bytes: [97, 100],
    top: [],
  }));
  const redacted = redact({
    request: JSON.stringify({ prompt: [64, 8910, 13], logprobs: 5, input: [[64, 8910], [13]] }),
    reply: {
      ...replyOf(''),
      parts: [
        { kind: 'text', text: mail, logprobs: pieces },
        { kind: 'text', text: JSON.stringify({ text: mail, logprobs: { content: pieces } }) },
      ],
    },
  });
  expect(JSON.parse(redacted.request)).toEqual({ prompt: '[TOKENS]', logprobs: 5, input: '[TOKENS]' });
  expect(redacted.reply).not.toContain('exam');
  expect(redacted.reply).not.toContain('8910');
});

test('what a reader of JSON does not see is not kept: a member twice, escapes that nobody can read', () => {
  const twice = `{"user":"${mail}","user":"u1","messages":[]}`;
  expect(redact({ request: twice }).request).toBe('{"user":"u1","messages":[]}');
  const deep = `${'['.repeat(600)}"ada\\u0040example.com"${']'.repeat(600)}`;
  expect(redact({ request: deep }).request).toBe('"[UNREADABLE]"');
  expect(redact({ request: `no JSON: ${mail}` }).request).toBe('no JSON: [EMAIL_1]');
});

test('a message that was cut within a value does not show its first half', () => {
  const errorMessage = `${'x '.repeat(490)}card 4111 1111 11`.slice(0, 1_000);
  const redacted = redact({ errorMessage: `${errorMessage.padEnd(1_000, '1')}…` });
  expect(redacted.head.errorMessage).not.toContain('4111');
  expect(redacted.head.errorMessage).toMatch(/x…$/);
});

function schemaOf(name: string): object {
  return { type: 'object', properties: { [name]: { type: 'string', description: 'Of the user.' } } };
}
