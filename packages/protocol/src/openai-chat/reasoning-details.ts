import type { ThinkingPart } from '../call.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import type { Maker, Signature } from '../signature.ts';
import { thinkingOf } from './wire.ts';

/**
 * `reasoning_details`, in which OpenRouter keeps the seals of a message's thinking. Source: OpenRouter's page on
 * reasoning tokens. An entry without a format is Anthropic's, as the first ones were.
 */
const MAKERS: ReadonlyMap<string, Maker> = new Map([
  ['anthropic-claude-v1', 'anthropic'],
  ['openai-responses-v1', 'openai'],
  ['azure-openai-responses-v1', 'openai'],
  ['google-gemini-v1', 'google'],
]);

const FORMATS: Record<Maker, string> = {
  anthropic: 'anthropic-claude-v1',
  openai: 'openai-responses-v1',
  google: 'google-gemini-v1',
};

/** One entry. `isUnknown`: it holds what we have no name for. */
export type Detail = {
  text: string;
  signature: Signature | undefined;
  isEncrypted: boolean;
  index: Json | undefined;
  isUnknown: boolean;
};

export function readDetail(wire: Json): Detail {
  const fields = isObject(wire) ? wire : {};
  const { type, index } = fields;
  const isEncrypted = type === 'reasoning.encrypted';
  const isKnown = isEncrypted || type === 'reasoning.text' || type === 'reasoning.summary';
  const seal = textOf(isEncrypted ? fields.data : fields.signature);
  const signature = isKnown ? signatureOf(fields, seal) : undefined;
  const text = textOf(type === 'reasoning.summary' ? fields.summary : fields.text);
  const isUnknown = !isKnown || (seal !== '' && signature === undefined);
  return { text: isKnown ? text : '', signature, isEncrypted, index, isUnknown };
}

function signatureOf(fields: JsonObject, value: string): Signature | undefined {
  const { format } = fields;
  const maker = format === undefined || format === null ? 'anthropic' : MAKERS.get(textOf(format));
  if (maker === undefined || value === '') return undefined;
  const signature: Signature = { maker, value };
  const id = textOf(fields.id);
  if (id !== '') signature.id = id;
  // Anthropic seals what it shows, and hides what it encrypts; others encrypt what they show a summary of.
  if (maker === 'anthropic' && fields.type === 'reasoning.encrypted') signature.isRedacted = true;
  return signature;
}

/** True when an encrypted entry belongs to the thinking before it. */
export function sealsThinking({ isEncrypted, signature }: Detail): boolean {
  return isEncrypted && signature !== undefined && signature.isRedacted === undefined;
}

/** `toolSeals` are those whose id is a tool call's, by that id. `isPartial`: some entries have no name here. */
export type Thoughts = { parts: ThinkingPart[]; toolSeals: Map<string, Signature>; isPartial: boolean };

/** What a whole message thought. Where its entries hold no text, the text is the plain field's. */
export function readThoughts(message: JsonObject): Thoughts {
  const plain = thinkingOf(message);
  const thoughts: Thoughts = { parts: [], toolSeals: new Map(), isPartial: false };
  const { reasoning_details: details } = message;
  if (Array.isArray(details)) readDetails(thoughts, details, toolIdsOf(message));
  const { parts } = thoughts;
  const [first] = parts;
  if (plain === '' || parts.some((part) => part.text !== '')) return thoughts;
  if (first === undefined || first.signature?.isRedacted) parts.unshift({ kind: 'thinking', text: plain });
  else first.text = plain;
  return thoughts;
}

function readDetails(thoughts: Thoughts, details: readonly Json[], toolIds: ReadonlySet<string>): void {
  let lastIndex: Json | undefined;
  for (const entry of details) {
    const detail = readDetail(entry);
    const { text, signature, index } = detail;
    if (detail.isUnknown) thoughts.isPartial = true;
    const last = thoughts.parts.at(-1);
    const isSame = index === undefined || index === lastIndex;
    if (signature?.id !== undefined && toolIds.has(signature.id)) {
      thoughts.toolSeals.set(signature.id, { maker: signature.maker, value: signature.value });
    } else if (last !== undefined && last.signature === undefined && isSame && mayJoin(detail)) {
      last.text += text;
      if (signature !== undefined) last.signature = signature;
    } else if (text !== '' || signature !== undefined) {
      thoughts.parts.push({ kind: 'thinking', text, ...(signature === undefined ? {} : { signature }) });
    }
    lastIndex = index;
  }
}

function mayJoin(detail: Detail): boolean {
  return !detail.isEncrypted || sealsThinking(detail);
}

function toolIdsOf(message: JsonObject): Set<string> {
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return new Set(calls.map((call) => (isObject(call) ? textOf(call.id) : '')).filter((id) => id !== ''));
}

/** Undefined when no thinking is sealed: then the plain field says everything. */
export function writeDetails(parts: readonly ThinkingPart[]): JsonObject[] | undefined {
  if (!parts.some((part) => part.signature !== undefined)) return undefined;
  return parts.flatMap((part, index) => writeDetail(part, index));
}

/** One sealed thinking with its text. `index` tells the message's thoughts apart. */
export function writeDetail({ text, signature }: ThinkingPart, index: number): JsonObject[] {
  if (signature === undefined) return [{ type: 'reasoning.text', text, format: 'unknown', index }];
  const { maker, value, id, isRedacted } = signature;
  const rest: JsonObject = { format: FORMATS[maker], index };
  if (id !== undefined) rest.id = id;
  // Google's encrypted entries belong to tool calls, so a seal on its thinking goes with the text.
  if (maker === 'google' || (maker === 'anthropic' && !isRedacted)) {
    return [{ type: 'reasoning.text', text, signature: value, ...rest }];
  }
  const sealed: JsonObject = { type: 'reasoning.encrypted', data: value, ...rest };
  if (text === '') return [sealed];
  return [{ type: 'reasoning.summary', summary: text, format: FORMATS[maker], index }, sealed];
}
