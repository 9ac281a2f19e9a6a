import type { Call, UserPart } from '../call.ts';
import { PARTS_MAX } from '../call-bounds.ts';
import type { Json, JsonObject } from '../json.ts';
import {
  listAt,
  missing,
  optionalBoolean,
  optionalCount,
  optionalObject,
  optionalString,
  wrongValue,
} from '../read-field.ts';
import { OPENAI_SAMPLING, readSampling } from '../read-sampling.ts';
import { readStops } from '../read-stops.ts';
import { createUnread, extraFields } from '../unread.ts';
import { CALL_FIELDS, ID } from './wire.ts';

const STREAM_OPTIONS = new Set(['include_usage']);

const ONE_PROMPT = 'Send one prompt as a text, or name a model whose provider offers text completions.';

/** Reads a request for a completion. Throws `GatewayError` naming the field at fault. */
export function readCall(body: JsonObject): Call {
  const unread = createUnread();
  const options = optionalObject(body, 'stream_options', '');
  if (options !== undefined) unread.note(options, STREAM_OPTIONS, 'stream_options');
  const parts = readPrompt(body.prompt);
  const call: Call = {
    model: optionalString(body, 'model', ''),
    system: [],
    messages: [{ role: 'user', parts }],
    tools: [],
    sampling: readSampling(body, OPENAI_SAMPLING, ''),
    stop: readStops(body.stop),
    stream: optionalBoolean(body, 'stream', '') ?? false,
    streamUsage: optionalBoolean(options ?? {}, 'include_usage', 'stream_options') ?? false,
    extra: { dialect: ID, fields: extraFields(body, CALL_FIELDS) },
    wire: { dialect: ID, body },
  };
  if (parts.some(({ kind }) => kind === 'opaque')) call.ownOnly = { param: 'prompt', remedy: ONE_PROMPT };
  const max = optionalCount(body, 'max_tokens', '');
  const user = optionalString(body, 'user', '');
  const top = optionalCount(body, 'logprobs', '');
  if (max !== undefined) call.outputTokensMax = max;
  if (user !== undefined) call.user = user;
  if (top !== undefined) call.logprobs = { top };
  const paths = unread.paths();
  if (paths.length > 0) call.unread = paths;
  return call;
}

/** A text, or a list of one. Several prompts, and tokens in place of text, mean something to this dialect alone. */
function readPrompt(prompt: Json | undefined): UserPart[] {
  if (prompt === undefined || prompt === null) throw missing('prompt');
  if (typeof prompt === 'string') return textParts(prompt);
  if (!Array.isArray(prompt) || prompt.length === 0) throw wrongValue('prompt', 'a string or an array');
  const [first] = prompt;
  if (typeof first === 'string' && prompt.length === 1) return textParts(first);
  if (!isTokens(prompt)) {
    for (const { value, path } of listAt(prompt, 'prompt', PARTS_MAX)) {
      if (typeof value !== 'string' && !isTokens(value))
        throw wrongValue(path, 'a string or an array of tokens');
    }
  }
  return [{ kind: 'opaque', dialect: ID, value: prompt }];
}

function isTokens(value: Json): boolean {
  return Array.isArray(value) && value.every((token) => typeof token === 'number');
}

function textParts(text: string): UserPart[] {
  return text === '' ? [] : [{ kind: 'text', text }];
}
