import { dialects, type JsonObject } from '@app/protocol';
import { providerRow } from '@app/providers';
import { expect, test } from 'vitest';
import type { Principal } from '../ports.ts';
import { writeRequest } from './write-request.ts';

const principal = { mode: 'live' } as Principal;

function write(caller: 'openai-chat' | 'anthropic-messages', body: JsonObject, model: string) {
  const provider = providerRow({ id: 'openai', dialect: 'openai-chat' });
  const call = { ...dialects[caller].inbound.readCall(body), wire: { dialect: caller, body } };
  const asked = { dialect: dialects[caller], principal };
  const { request, losses } = writeRequest({ call, asked }, { provider, model, price: undefined });
  return { sent: JSON.parse(request.body), losses };
}

const messages = [{ role: 'user', content: 'hi' }];

test('what a model refuses is left out for a caller of another dialect, and told in the caller\u2019s words', () => {
  const asked = { model: 'm', max_tokens: 50, temperature: 0.3, stop_sequences: ['END'], messages };
  const { sent, losses } = write('anthropic-messages', asked, 'gpt-5');
  expect(sent).not.toHaveProperty('temperature');
  expect(sent).not.toHaveProperty('stop');
  expect(losses).toEqual(
    expect.arrayContaining([
      { path: 'temperature', why: 'unsupported' },
      { path: 'stop_sequences', why: 'unsupported' },
    ]),
  );
});

test('a caller of the provider\u2019s dialect finds out by itself', () => {
  const { sent, losses } = write('openai-chat', { model: 'm', temperature: 0.3, messages }, 'gpt-5');
  expect(sent).toEqual({ model: 'gpt-5', temperature: 0.3, messages });
  expect(losses).toEqual([]);
});
