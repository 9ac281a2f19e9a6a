import { GatewayError, parseJson } from '@app/protocol';
import { aPrincipal, aTarget } from '@app/testkit';
import { expect, test } from 'vitest';
import type { UnaryInput, UnaryReply } from '../unary-operation.ts';
import { embeddingOperations } from './embeddings.ts';

const input: UnaryInput = {
  json: { model: 'embed-1', input: 'one' },
  form: { parts: [] },
  params: {},
  query: {},
  providerId: undefined,
  dialectHeaders: {},
  principal: aPrincipal(),
};

/** What a caller of OpenAI's dialect gets when a provider of the same one answers this. */
async function replyTo(text: string): Promise<UnaryReply> {
  const order = await embeddingOperations.find(({ route }) => route === '/v1/embeddings')?.read(input);
  if (order?.kind !== 'provider' || order.answer.kind !== 'read') throw new Error('Vectors are read whole.');
  const parse = () => {
    const body = parseJson(text);
    if (body === undefined) throw new GatewayError('provider_bad_response', 'This is not JSON.');
    return body;
  };
  return order.answer.read({ bytes: Buffer.from(text), parse, target: aTarget() });
}

test('vectors go on as they came, and only what is JSON does', async () => {
  const good = '{"data":[{"embedding":[1]}],"usage":{"prompt_tokens":3}}';
  expect(await replyTo(good)).toEqual({ metered: { usage: { inputFresh: 3 } }, isEstimated: false });
  await expect(replyTo('{"data":[{"embedding":[0x10]}]}')).rejects.toThrow('not JSON');
  await expect(replyTo('')).rejects.toThrow('not JSON');
});
