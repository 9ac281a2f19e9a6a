import type { Call } from '@app/protocol';
import { expect, test } from 'vitest';
import { findDirectives, isSandboxModel, sandboxModels } from './find-outcome.ts';

function call(model: string, prompt = 'hello'): Call {
  return {
    model,
    system: [{ kind: 'text', text: 'sandbox/500 in the system prompt means nothing' }],
    messages: [
      { role: 'user', parts: [{ kind: 'text', text: 'sandbox/429 in an earlier message means nothing' }] },
      { role: 'assistant', parts: [{ kind: 'text', text: 'ok' }] },
      { role: 'user', parts: [{ kind: 'text', text: prompt }] },
    ],
    tools: [],
    sampling: {},
    stop: [],
    stream: false,
    streamUsage: false,
    extra: { dialect: 'openai-chat', fields: {} },
  };
}

test('every magic name forces its outcome as a model, as a bare model, and as a word of the last prompt', () => {
  for (const name of sandboxModels) {
    const outcome = name.slice('sandbox/'.length);
    expect(findDirectives(call(name))?.outcome).toBe(outcome);
    expect(findDirectives(call(outcome))?.outcome).toBe(outcome);
    expect(findDirectives(call('gpt-4o', `Please ${name}, thanks`))?.outcome).toBe(outcome);
    expect(isSandboxModel(name)).toBe(true);
  }
});

test('a magic model keeps its outcome when the prompt quotes another, and a word that only contains a name is none', () => {
  expect(findDirectives(call('sandbox/500', 'try sandbox/429'))?.outcome).toBe('500');
  expect(findDirectives(call('gpt-4o', 'see docs/sandbox/429 and sandbox/429-again'))?.outcome).toBe('echo');
  expect(findDirectives(call('gpt-4o', 'my-sandbox/429'))?.outcome).toBe('echo');
});

test('the pace is set by a model or by a word, up to a minute', () => {
  expect(findDirectives(call('sandbox/pace-40'))?.pace).toEqual({ firstByteMs: 40, pieceMs: 40 });
  expect(findDirectives(call('gpt-4o', 'sandbox/pace-0 hi'))?.pace).toEqual({ firstByteMs: 0, pieceMs: 0 });
  expect(findDirectives(call('gpt-4o', 'sandbox/pace-99999'))?.pace.pieceMs).toBe(60_000);
  expect(findDirectives(call('sandbox/slow'))?.pace.pieceMs).toBe(250);
  expect(findDirectives(call('gpt-4o'))?.pace).toEqual({});
});

test('a sandbox model that does not exist is told from any other name', () => {
  expect(findDirectives(call('sandbox/nope'))).toBeUndefined();
  expect(isSandboxModel('sandbox/nope')).toBe(false);
  expect(isSandboxModel('sandbox/pace-15')).toBe(true);
  expect(isSandboxModel('sandbox/pace-123456')).toBe(false);
  expect(findDirectives(call('anything/else'))?.outcome).toBe('echo');
});
