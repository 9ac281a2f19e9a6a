import type { Call } from '../call.ts';
import type { ReplyFacts } from '../dialect.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { createLosses } from '../losses.ts';
import { ID } from './wire.ts';
import { writeFormat } from './write-format.ts';
import { writeTool, writeToolChoice } from './write-tools.ts';

/** Repeated as they were asked, where they were. */
const SAME = ['background', 'max_tool_calls', 'previous_response_id', 'prompt', 'store', 'truncation'];

/** A response that has not begun to answer: who it is, and what was asked, with OpenAI's defaults for the rest. */
export function writeResponse({ id, model }: { id: string; model: string }, facts: ReplyFacts): JsonObject {
  const { call } = facts;
  const response: JsonObject = {
    id,
    object: 'response',
    created_at: facts.createdS ?? 0,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: instructionsOf(call),
    max_output_tokens: call?.outputTokensMax ?? null,
    model,
    output: [],
    parallel_tool_calls: call?.parallelTools ?? true,
    previous_response_id: null,
    reasoning: reasoningOf(call),
    temperature: call?.sampling.temperature ?? 1,
    text: textFieldOf(call),
    tool_choice: choiceOf(call),
    tools: call === undefined ? [] : toolsOf(call),
    top_logprobs: call?.logprobs?.top ?? 0,
    top_p: call?.sampling.topP ?? 1,
    truncation: 'disabled',
    metadata: call?.metadata ?? {},
  };
  return call === undefined ? response : withOptional(response, call);
}

function withOptional(response: JsonObject, call: Call): JsonObject {
  const { fields } = call.extra;
  if (call.extra.dialect === ID) {
    for (const key of SAME)
      if (fields[key] !== undefined && fields[key] !== null) response[key] = fields[key];
    const { conversation } = fields;
    if (isObject(conversation)) response.conversation = { id: conversation.id };
    if (typeof conversation === 'string') response.conversation = { id: conversation };
  }
  if (call.user !== undefined) response.user = call.user;
  if (call.safetyIdentifier !== undefined) response.safety_identifier = call.safetyIdentifier;
  if (call.promptCacheKey !== undefined) response.prompt_cache_key = call.promptCacheKey;
  return response;
}

function bodyOf(call: Call | undefined): JsonObject {
  return call?.wire?.dialect === ID ? call.wire.body : {};
}

function instructionsOf(call: Call | undefined): string | null {
  const { instructions } = bodyOf(call);
  if (typeof instructions === 'string') return instructions;
  if (call === undefined || call.wire?.dialect === ID || call.system.length === 0) return null;
  return call.system.map((part) => part.text).join('\n\n');
}

function reasoningOf(call: Call | undefined): JsonObject {
  const thinking = call?.thinking;
  const summary = call?.extra.fields['reasoning.summary'];
  return {
    effort: thinking?.kind === 'off' ? 'none' : (thinking?.effort ?? null),
    summary: typeof summary === 'string' ? summary : null,
  };
}

function textFieldOf(call: Call | undefined): JsonObject {
  const text: JsonObject = { format: writeFormat(call?.format ?? { kind: 'text' }) };
  if (call?.verbosity !== undefined) text.verbosity = call.verbosity;
  return text;
}

function choiceOf(call: Call | undefined): Json {
  if (call?.toolChoice !== undefined) return writeToolChoice(call.toolChoice);
  const other = call?.extra.dialect === ID ? call.extra.fields.tool_choice : undefined;
  return other ?? 'auto';
}

/** In the shape that was sent, because who sends the older one reads it too. */
function toolsOf(call: Call): Json[] {
  const { tools } = bodyOf(call);
  const sent = Array.isArray(tools)
    ? tools.filter(isObject)
    : call.tools.flatMap((tool) => writeTool(tool, call, createLosses()));
  return sent.map((tool) =>
    tool.type === 'function' && !isObject(tool.function) ? { parameters: null, strict: null, ...tool } : tool,
  );
}
