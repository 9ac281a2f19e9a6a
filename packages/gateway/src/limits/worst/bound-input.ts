import type {
  AssistantPart,
  Call,
  Json,
  JsonObject,
  OpaquePart,
  ThinkingPart,
  Tool,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '@app/protocol';
import { type Media, mediaTokens } from './media-tokens.ts';

/** The most tokens a call's input is taken for, and those it has for sure. */
export type InputBound = { tokens: number; floorTokens: number };

/**
 * The input of a call, without a tokenizer: UTF-8 bytes by two, 16 for each message and tool, a table's value for each
 * image, sound and file. Strict takes every byte for a token. What real usage exceeds is the settle error.
 */
export function boundInput(call: Call, isStrict: boolean): InputBound {
  const sum: Sum = { bytes: 0, frames: 0, mediaTokens: 0, isStrict };
  for (const part of call.system) addPart(sum, part);
  for (const message of call.messages) {
    sum.frames += 1;
    for (const part of message.parts) addPart(sum, part);
  }
  for (const tool of call.tools) addTool(sum, tool);
  if (call.format?.kind === 'schema') addJson(sum, call.format.schema);
  // What has no name here may be read too: documents, predictions, templates.
  addMembers(sum, call.extra.fields);
  const textTokens = isStrict ? sum.bytes : Math.ceil(sum.bytes / BYTES_PER_TOKEN_MIN);
  return {
    tokens: textTokens + FRAME_TOKENS * sum.frames + sum.mediaTokens,
    floorTokens: Math.floor(sum.bytes / BYTES_PER_TOKEN_MAX),
  };
}

/** The same for a body that is one text. */
export function boundTextInput(bytes: number, isStrict: boolean): InputBound {
  const tokens = (isStrict ? bytes : Math.ceil(bytes / BYTES_PER_TOKEN_MIN)) + FRAME_TOKENS;
  return { tokens, floorTokens: Math.floor(bytes / BYTES_PER_TOKEN_MAX) };
}

const BYTES_PER_TOKEN_MIN = 2;
/** Long runs of blanks aside, no text has fewer tokens: what a server's death leaves charged shall not be too much. */
const BYTES_PER_TOKEN_MAX = 8;
const FRAME_TOKENS = 16;

type Sum = { bytes: number; frames: number; mediaTokens: number; isStrict: boolean };

function addPart(sum: Sum, part: UserPart | AssistantPart): void {
  if (part.kind === 'text' || part.kind === 'refusal') addText(sum, part.text);
  else if (part.kind === 'thinking') addThinking(sum, part);
  else if (part.kind === 'tool-call') addToolCall(sum, part);
  else if (part.kind === 'tool-result') addToolResult(sum, part);
  else if (part.kind === 'opaque') addOpaque(sum, part);
  else addMedia(sum, part);
}

/** A seal may hold the thinking itself. */
function addThinking(sum: Sum, { text, signature }: ThinkingPart): void {
  addText(sum, text);
  if (signature !== undefined) addText(sum, signature.value);
}

function addToolCall(sum: Sum, { name, input }: ToolCallPart): void {
  sum.frames += 1;
  addText(sum, name);
  addText(sum, input);
}

function addToolResult(sum: Sum, { parts }: ToolResultPart): void {
  sum.frames += 1;
  for (const inner of parts) addPart(sum, inner);
}

type MediaPart = Extract<UserPart | AssistantPart, { kind: 'image' | 'audio' | 'file' | 'media' }>;

function addMedia(sum: Sum, part: MediaPart): void {
  if (part.kind === 'file' && part.source.kind === 'text') {
    addText(sum, part.source.text);
    return;
  }
  sum.mediaTokens += mediaTokens(mediaOf(part), sum.isStrict);
  if (part.kind === 'media' && part.transcript !== undefined) addText(sum, part.transcript);
}

function mediaOf(part: MediaPart): Media {
  if (part.kind === 'image') {
    const bytes = part.source.kind === 'base64' ? decodedBytes(part.source.data) : undefined;
    return { mediaType: 'image/', bytes, isLowDetail: part.detail === 'low' };
  }
  if (part.kind === 'audio') return { mediaType: `audio/${part.format}`, bytes: decodedBytes(part.data) };
  if (part.kind === 'media') return { mediaType: part.mediaType, bytes: decodedBytes(part.data) };
  const { source } = part;
  if (source.kind === 'base64') return { mediaType: source.mediaType, bytes: decodedBytes(source.data) };
  return { mediaType: source.kind === 'url' ? (source.mediaType ?? '') : 'text/plain', bytes: undefined };
}

function addTool(sum: Sum, tool: Tool): void {
  sum.frames += 1;
  if (tool.kind === 'opaque') addJson(sum, tool.value);
  if (tool.kind !== 'function') return;
  addText(sum, tool.name);
  if (tool.description !== undefined) addText(sum, tool.description);
  if (tool.schema !== undefined) addJson(sum, tool.schema);
}

/** What only its dialect understands counts as its text; data inside it, which has no blanks, as a file. */
function addOpaque(sum: Sum, part: OpaquePart): void {
  sum.frames += 1;
  addJson(sum, part.value, addJsonText);
}

/** Tools and schemas hold no data: a text without blanks is a text there. */
function addJson(sum: Sum, value: Json, addString = addText): void {
  if (typeof value === 'string') addString(sum, value);
  else if (value === null || typeof value !== 'object') sum.bytes += 4;
  else addMembers(sum, value, addString);
}

function addMembers(sum: Sum, value: Json[] | JsonObject, addString = addText): void {
  for (const [key, inner] of Object.entries(value)) {
    // Quotes, colon and comma.
    sum.bytes += Array.isArray(value) ? 1 : Buffer.byteLength(key) + 4;
    addJson(sum, inner ?? null, addString);
  }
}

function addJsonText(sum: Sum, text: string): void {
  if (!isData(text)) addText(sum, text);
  else sum.mediaTokens += mediaTokens({ mediaType: '', bytes: decodedBytes(text) }, sum.isStrict);
}

function isData(text: string): boolean {
  return text.length >= DATA_LENGTH_MIN && /^[A-Za-z0-9+/=_-]+$/.test(text);
}

/** Shorter than this, base64 counts as text, which takes more. */
const DATA_LENGTH_MIN = 1_024;

function addText(sum: Sum, text: string): void {
  sum.bytes += Buffer.byteLength(text);
}

function decodedBytes(base64: string): number {
  return Math.ceil((base64.length * 3) / 4);
}
