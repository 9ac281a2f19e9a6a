import type { AssistantPart, Call, Json, StopReason, Tool } from '@app/protocol';
import { promptText } from './find-outcome.ts';
import type { Ids } from './make-ids.ts';
import { makeJson } from './make-json.ts';

/** What the sandbox would say if nothing limited its length. */
export type Draft = { parts: AssistantPart[]; stop: StopReason; stopSequence?: string };

/**
 * The answer to a call, always the same one for the same call: tool calls when tools are offered and asked for (by
 * `tool_choice`, or by their name in the prompt), JSON when JSON is asked for, else text that repeats the prompt.
 */
export function draftReply(call: Call, ids: Ids): Draft {
  const thinking = draftThinking(call, ids);
  const tools = chooseTools(call);
  if (tools.length > 0) {
    const calls = tools.map(
      (tool, i): AssistantPart => ({
        kind: 'tool-call',
        id: ids.toolCall(i),
        name: tool.name,
        input: JSON.stringify(makeArguments(tool)),
      }),
    );
    return { parts: [...thinking, ...calls], stop: 'tool-calls' };
  }
  const { text, stopSequence } = cutAtStop(draftText(call), call.stop);
  const parts: AssistantPart[] = [...thinking, { kind: 'text', text }];
  return stopSequence === undefined ? { parts, stop: 'end' } : { parts, stop: 'stop-sequence', stopSequence };
}

type FunctionTool = Tool & { kind: 'function' };

const QUOTE_LENGTH_MAX = 2_000;
const QUIET_EFFORTS = new Set(['none', 'minimal']);

function chooseTools(call: Call): FunctionTool[] {
  const choice = call.toolChoice ?? { kind: 'auto' };
  const tools = call.tools
    .filter((tool) => tool.kind === 'function')
    .filter((tool) => choice.kind !== 'allowed' || choice.names.includes(tool.name));
  // The result of a call is there to be read; asking again would go round in circles.
  if (choice.kind === 'none' || toolResults(call).length > 0) return [];
  if (choice.kind === 'tool') return tools.filter((tool) => tool.name === choice.name).slice(0, 1);
  const prompt = promptText(call).toLowerCase();
  const named = tools.filter((tool) => isNamedIn(prompt, tool.name));
  const isRequired = choice.kind === 'required' || (choice.kind === 'allowed' && choice.isRequired);
  const asked = named.length === 0 && isRequired ? tools.slice(0, 1) : named;
  return call.parallelTools === false ? asked.slice(0, 1) : asked;
}

/** `get_weather` is asked for by its name or by "get weather". */
function isNamedIn(prompt: string, name: string): boolean {
  const lower = name.toLowerCase();
  const spoken = lower.replaceAll(/[_-]+/g, ' ');
  return prompt.includes(lower) || prompt.includes(spoken);
}

function makeArguments(tool: FunctionTool): Json {
  const made = makeJson(tool.schema ?? {});
  return typeof made === 'object' && made !== null && !Array.isArray(made) ? made : {};
}

function draftText(call: Call): string {
  if (call.format?.kind === 'schema') return JSON.stringify(makeJson(call.format.schema));
  const results = toolResults(call);
  const prompt = promptText(call).slice(0, QUOTE_LENGTH_MAX);
  const said =
    results.length > 0
      ? `The tool answered: ${results.join(' | ').slice(0, QUOTE_LENGTH_MAX)}`
      : `You said: ${prompt === '' ? '(nothing)' : prompt}`;
  const images = countImages(call);
  const seen = images === 0 ? '' : `\nI was shown ${images} ${images === 1 ? 'image' : 'images'}.`;
  const text = `${said}${seen}\nThis is the TokenRouter sandbox; no model was called.`;
  return call.format?.kind === 'json' ? JSON.stringify({ answer: text }) : text;
}

/** The texts of the tool results in the last message, if it brings any. */
function toolResults(call: Call): string[] {
  const last = call.messages.at(-1);
  if (last?.role !== 'user') return [];
  return last.parts.flatMap((part) =>
    part.kind === 'tool-result'
      ? [part.parts.map((inner) => (inner.kind === 'text' ? inner.text : `[${inner.kind}]`)).join(' ')]
      : [],
  );
}

function countImages(call: Call): number {
  const last = call.messages.findLast((message) => message.role === 'user');
  if (last?.role !== 'user') return 0;
  return last.parts.filter((part) => part.kind === 'image').length;
}

function draftThinking(call: Call, ids: Ids): AssistantPart[] {
  const { thinking } = call;
  if (thinking === undefined || thinking.kind === 'off') return [];
  // Anthropic's effort alone asks for no thinking, and the lowest efforts of others spend none.
  const isQuiet = call.extra.dialect === 'anthropic-messages' || QUIET_EFFORTS.has(thinking.effort ?? '');
  if (thinking.kind === 'effort' && isQuiet) return [];
  const about = promptText(call).slice(0, 80);
  const text = `The user wrote "${about}". The sandbox does not think, it repeats.`;
  return [{ kind: 'thinking', text, signature: ids.signature }];
}

function cutAtStop(text: string, stops: string[]): { text: string; stopSequence?: string } {
  const found = stops
    .map((stop) => ({ stop, at: stop === '' ? -1 : text.indexOf(stop) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
  return found === undefined ? { text } : { text: text.slice(0, found.at), stopSequence: found.stop };
}
