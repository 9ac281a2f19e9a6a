import { isObject, type Json, type JsonObject } from '@app/protocol';
import { shorten } from './preview.ts';

/** From longer lists no preview is drawn. */
const TURNS_MAX = 10_000;
/** What is shown of a text is far shorter. */
const TEXTS_MAX = 20;

/** The text of the last user message of a request in any shape, shortened; empty when it has none. */
export function previewRequest(request: Json | null): string {
  if (!isObject(request)) return shorten(previewTurns(request) || textOf(request));
  const turns = request.messages ?? request.contents ?? request.input;
  const last = previewTurns(turns);
  if (last !== '') return shorten(last);
  for (const field of ['prompt', 'input', 'query', 'question', 'text', 'content'] as const) {
    const text = textOf(request[field]);
    if (text !== '') return shorten(text);
  }
  return '';
}

/** The text of a reply, or else the tools it calls, shortened. */
export function previewReply(reply: Json | null): string {
  if (!isObject(reply)) return shorten(textOf(lastOf(reply)));
  const [choice] = listOf(reply.choices);
  const [candidate] = listOf(reply.candidates);
  const message = isObject(choice) ? (choice.message ?? choice.delta ?? choice.text) : undefined;
  const content = isObject(candidate) ? candidate.content : undefined;
  const said = message ?? content ?? reply.message ?? reply.output ?? reply;
  return shorten(textOf(lastOf(said)) || callsOf(said));
}

/** The text of the system prompt of a request in any shape; empty when it has none. */
export function findSystemPrompt(request: Json | null): string {
  if (!isObject(request)) return systemOf(request);
  for (const field of ['system', 'instructions', 'systemInstruction', 'system_instruction'] as const) {
    const text = textOf(request[field]);
    if (text !== '') return text;
  }
  return systemOf(request.messages ?? request.input);
}

function systemOf(turns: Json | undefined): string {
  const first = listOf(turns).find((turn) => isObject(turn) && SYSTEM.has(turn.role));
  return isObject(first) ? textOf(first.content ?? first.parts) : '';
}

const SYSTEM = new Set<Json | undefined>(['system', 'developer']);

function previewTurns(turns: Json | undefined): string {
  const list = listOf(turns);
  if (list.length > TURNS_MAX) return '';
  for (let at = list.length - 1; at >= 0; at -= 1) {
    const turn = list[at];
    if (!isObject(turn) || (turn.role !== undefined && turn.role !== 'user' && turn.role !== 'human'))
      continue;
    const text = textOf(turn.content ?? turn.parts ?? turn.text);
    if (text !== '') return text;
  }
  return '';
}

/** A string, the texts of a list of strings and blocks, or the text of one block. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const texts: string[] = [];
    for (const each of value) {
      const text = textOf(each);
      if (text !== '') texts.push(text);
      if (texts.length === TEXTS_MAX) break;
    }
    return texts.join('\n');
  }
  if (!isObject(value)) return '';
  return blockText(value);
}

function blockText(block: JsonObject): string {
  for (const field of ['text', 'content', 'parts', 'value'] as const) {
    const inner = block[field];
    const text =
      typeof inner === 'string' ? inner : Array.isArray(inner) || isObject(inner) ? textOf(inner) : '';
    if (text !== '') return text;
  }
  return '';
}

/** Of a list of messages the last one says what the reply was. */
function lastOf(value: Json | undefined): Json | undefined {
  const list = listOf(value);
  const last = list.at(-1);
  return isObject(last) && last.role !== undefined ? last : value;
}

function callsOf(message: Json | undefined): string {
  const of = isObject(message) ? (message.tool_calls ?? message.content ?? message.parts) : message;
  const calls = listOf(of).map((call) => {
    if (!isObject(call)) return '';
    const inner = isObject(call.function)
      ? call.function
      : isObject(call.functionCall)
        ? call.functionCall
        : call;
    const { name, arguments: given, input, args } = inner;
    if (typeof name !== 'string') return '';
    const told = given ?? input ?? args;
    return `${name}(${typeof told === 'string' ? told : told === undefined ? '' : JSON.stringify(told)})`;
  });
  return calls.filter((call) => call !== '').join(' ');
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
