import {
  type Call,
  type CallerDialectId,
  dialects,
  isObject,
  type Json,
  type JsonObject,
  type Loss,
  providerDialects,
} from '@app/protocol';
import type { Target } from '../../ports.ts';
import { badResponse } from '../../provider/answer-errors.ts';
import type { UnaryInput, UnaryOperation, UnaryReply, UnaryRequest } from '../unary-operation.ts';
import { countable } from './estimate-tokens.ts';
import { geminiPath } from './gemini-path.ts';
import { jsonRequest } from './write-request.ts';

/** Tokens of texts, counted away from the event loop. */
export type CountTokens = (texts: string[]) => Promise<number[]>;

type CountDialect = Extract<CallerDialectId, 'anthropic-messages' | 'gemini' | 'openai-responses'>;

/**
 * How many tokens a call would have. A provider that offers this is asked; for the others we count ourselves and say so.
 * Sources: Anthropic's "Count tokens in a message", Gemini's "models.countTokens", OpenAI's "Get input token counts".
 */
export function countTokensOperations(countTokens: CountTokens): UnaryOperation[] {
  const routes: [route: string, dialect: CountDialect][] = [
    ['/v1/messages/count_tokens', 'anthropic-messages'],
    ['/v1beta/models/{model}:countTokens', 'gemini'],
    ['/v1/responses/input_tokens', 'openai-responses'],
  ];
  return routes.map(([route, dialect]) => ({
    method: 'POST',
    route,
    dialect,
    body: 'json',
    read: (input) => {
      const { call, body } = readCall(dialect, input);
      return {
        kind: 'provider',
        ability: 'count-tokens',
        model: input.params.model ?? call.model,
        providerId: input.providerId,
        isFree: true,
        write: (target) => writeCount({ dialect, call, body, headers: input.dialectHeaders }, target),
        answer: { kind: 'read', read: (came) => ({ body: REPLIES[dialect](tokensIn(came.parse())) }) },
        fallback: () => estimate(dialect, call, countTokens),
      };
    },
  }));
}

/** A call needs more than a count does: what is missing is filled in where only its shape matters. */
function readCall(dialect: CountDialect, { json, params }: UnaryInput): { call: Call; body: JsonObject } {
  const inner = isObject(json.generateContentRequest) ? json.generateContentRequest : json;
  const shape: JsonObject = dialect === 'anthropic-messages' ? { max_tokens: 1, ...json } : { ...inner };
  if (params.model !== undefined) shape.model = params.model;
  return { call: dialects[dialect].inbound.readCall(shape), body: json };
}

type Count = { dialect: CountDialect; call: Call; body: JsonObject; headers: { [name: string]: string } };

function writeCount({ dialect, call, body, headers }: Count, target: Target): UnaryRequest {
  const theirs = countDialect(target);
  const isSame = theirs === dialect;
  const written = isSame
    ? { body: ofTarget(dialect, body, target), losses: [] }
    : translated(call, theirs, target);
  const request = jsonRequest(target, {
    operation: 'count-tokens',
    path: theirs === 'gemini' ? geminiPath(target, 'countTokens') : PATHS[theirs],
    body: written.body,
  });
  return {
    ...request,
    headers: isSame ? { ...request.headers, ...headers } : request.headers,
    losses: written.losses,
  };
}

const PATHS = {
  'anthropic-messages': '/messages/count_tokens',
  'openai-responses': '/responses/input_tokens',
};

function countDialect({ provider }: Target): CountDialect {
  return provider.dialect === 'anthropic-messages' || provider.dialect === 'gemini'
    ? provider.dialect
    : 'openai-responses';
}

/** The caller's own body, with the provider's name for the model. */
function ofTarget(dialect: CountDialect, body: JsonObject, { model }: Target): JsonObject {
  if (dialect !== 'gemini') return { ...body, model };
  const inner = body.generateContentRequest;
  return isObject(inner) ? { ...body, generateContentRequest: { ...inner, model: `models/${model}` } } : body;
}

/** What counting takes of a call; it refuses the rest. */
const COUNTED: Record<CountDialect, readonly string[]> = {
  'anthropic-messages': ['model', 'messages', 'system', 'tools', 'tool_choice', 'thinking'],
  gemini: ['contents', 'systemInstruction', 'tools', 'toolConfig'],
  'openai-responses': ['model', 'input', 'instructions', 'tools', 'tool_choice', 'text', 'reasoning'],
};

function translated(
  call: Call,
  dialect: CountDialect,
  { model }: Target,
): { body: JsonObject; losses: Loss[] } {
  const { body, losses } = providerDialects[dialect].outbound.writeCall(call, model);
  const counted = Object.fromEntries(COUNTED[dialect].map((name) => [name, body[name]]));
  if (dialect !== 'gemini') return { body: counted, losses };
  return { body: { generateContentRequest: { model: `models/${model}`, ...counted } }, losses };
}

function tokensIn(body: Json): number {
  const tokens = isObject(body) ? (body.input_tokens ?? body.totalTokens) : undefined;
  if (typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0) return tokens;
  throw badResponse('counted tokens without saying how many');
}

const REPLIES: Record<CountDialect, (tokens: number) => JsonObject> = {
  'anthropic-messages': (tokens) => ({ input_tokens: tokens }),
  gemini: (tokens) => ({ totalTokens: tokens }),
  'openai-responses': (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
};

async function estimate(dialect: CountDialect, call: Call, countTokens: CountTokens): Promise<UnaryReply> {
  const { texts, moreTokens } = countable(call);
  const counts = await countTokens(texts);
  const tokens = counts.reduce((sum, count) => sum + count, moreTokens);
  return {
    body: { ...REPLIES[dialect](tokens), estimated: true },
    headers: { 'x-tokenrouter-estimated': 'true' },
  };
}
