import { GatewayError, type JsonObject } from '@app/protocol';
import { type ReadBody, readChatBody } from './read-chat-body.ts';
import { invalid } from './routing-fields.ts';

const TOOL_WORDS: readonly unknown[] = ['auto', 'none', 'required'];

/** What a `prompt` gets when it says nothing else. */
const PROMPT_DEFAULTS = { temperature: 0.7, max_tokens: 1000 };

/**
 * Reads a body of `/route`, in place: either a `prompt`, with that form's defaults, or `messages`. What comes out is
 * a chat-completions body. Throws `GatewayError` naming the field at fault.
 */
export function readRouteBody(body: JsonObject): ReadBody {
  const hasPrompt = body.prompt !== undefined && body.prompt !== null;
  const hasMessages = body.messages !== undefined && body.messages !== null;
  if (hasPrompt && hasMessages) throw invalid('prompt', 'and `messages` cannot both be given');
  if (!hasPrompt && !hasMessages) {
    const detail = { param: 'prompt', retryable: false };
    throw new GatewayError('missing_parameter', '`prompt` or `messages` is required.', detail);
  }
  takeUser(body);
  // A field of the old completions API, which no chat provider takes.
  delete body.echo;
  const read = readChatBody(body);
  nameTool(body);
  if (hasPrompt) promptToMessages(body);
  return read;
}

function promptToMessages(body: JsonObject): void {
  const { prompt } = body;
  if (typeof prompt !== 'string' || prompt === '') throw invalid('prompt', 'must be a non-empty string');
  delete body.prompt;
  body.messages = [{ role: 'user', content: prompt }];
  body.temperature ??= PROMPT_DEFAULTS.temperature;
  if (body.max_completion_tokens === undefined) body.max_tokens ??= PROMPT_DEFAULTS.max_tokens;
}

function takeUser(body: JsonObject): void {
  const { user_id: userId } = body;
  delete body.user_id;
  if (userId === undefined || userId === null) return;
  if (typeof userId !== 'string') throw invalid('user_id', 'must be a string');
  body.user ??= userId;
}

/** `tool_choice` may be a tool's name alone. */
function nameTool(body: JsonObject): void {
  const choice = body.tool_choice;
  if (typeof choice !== 'string' || TOOL_WORDS.includes(choice)) return;
  body.tool_choice = { type: 'function', function: { name: choice } };
}
