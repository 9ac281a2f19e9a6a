import type { DialectId } from '@app/protocol';
import { cloudRow, findCloud, providerRow, Secret } from '@app/providers';
import {
  answersJson,
  playsAnthropic,
  playsBedrock,
  playsGemini,
  playsOpenAi,
  playsResponses,
  type Saying,
  type Script,
  type StreamOptions,
} from '@app/testkit';
import { createTestServer, providerSecret, type TestServer } from '../../create-test-server.ts';

/** Every wire that a provider may speak for a conversation. */
export const dialects = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
  'bedrock-converse',
] as const satisfies DialectId[];
export type Upstream = (typeof dialects)[number];

export const PLAYS: { [dialect in Upstream]: (saying: Saying, options?: StreamOptions) => Script } = {
  'openai-chat': playsOpenAi,
  'openai-responses': playsResponses,
  'anthropic-messages': playsAnthropic,
  gemini: playsGemini,
  'bedrock-converse': playsBedrock,
};

/** A model that is Claude where the wire of a model's maker matters. */
const MODELS: { [dialect in Upstream]: string } = {
  'openai-chat': 'the-model',
  'openai-responses': 'the-model',
  'anthropic-messages': 'the-model',
  gemini: 'the-model',
  'bedrock-converse': 'anthropic.claude-sonnet-4-5-20250929-v1:0',
};

/** The names under which clients ask for the one model there is; some change their ways with the name. */
const ASKED = ['the-model', 'gpt-5', 'gpt-4o', 'claude-sonnet-4-5', 'gemini-2.5-flash'];

/** A gateway before one provider of this dialect at this address. */
export function openGateway(dialect: Upstream, baseUrl: string): Promise<TestServer> {
  const model = MODELS[dialect];
  const aliases = Object.fromEntries(ASKED.filter((name) => name !== model).map((name) => [name, [model]]));
  return createTestServer({ rows: [{ provider: rowOf(dialect, baseUrl), models: [model] }], aliases });
}

function rowOf(dialect: Upstream, baseUrl: string) {
  const secret = new Secret(providerSecret);
  if (dialect !== 'bedrock-converse') return providerRow({ id: 'acme', dialect, baseUrl, secret });
  const cloud = findCloud('bedrock');
  if (cloud === undefined) throw new Error('there is no Bedrock');
  const { also: _, ...row } = cloudRow(cloud, {
    id: 'acme',
    base_url: baseUrl,
    region: 'eu-west-1',
    api_key: secret,
  });
  return row;
}

/** Refuses in the words of a provider of this dialect. */
export function refuses(dialect: Upstream, status: number, message: string): Script {
  return answersJson(refusalOf(dialect, status, message), status);
}

function refusalOf(dialect: Upstream, status: number, message: string): object {
  switch (dialect) {
    case 'anthropic-messages':
      return { type: 'error', error: { type: 'some_error', message } };
    case 'gemini':
      return { error: { code: status, message, status: 'SOME_STATUS' } };
    case 'bedrock-converse':
      return { message };
    default:
      return { error: { message, type: 'some_error', param: null, code: null } };
  }
}
