import { isObject, type Json, type JsonObject } from '@app/protocol';

/** What one part of a message is, whoever wrote it. `shown` is a part that a reader of chats understands as it is. */
export type ReadPart =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string }
  | { kind: 'refusal'; text: string }
  | { kind: 'call'; call: JsonObject }
  | { kind: 'result'; callId: string; content: Json }
  | { kind: 'shown'; part: JsonObject };

/**
 * A part of a message in any of the forms that senders have: OpenAI's, Anthropic's, Gemini's, the AI SDK's,
 * OpenInference's and OpenTelemetry's own (gen_ai.input.messages of the GenAI conventions).
 */
export function readPart(part: Json): ReadPart {
  if (typeof part === 'string') return { kind: 'text', text: part };
  if (!isObject(part)) return { kind: 'text', text: JSON.stringify(part) };
  if (isObject(part.message_content)) return readPart(part.message_content);
  const type = stringOf(part.type) ?? stringOf(part.kind) ?? '';
  const read = readers.get(type);
  if (read !== undefined) return read(part);
  return readUntyped(part);
}

type Reader = (part: JsonObject) => ReadPart;

const readText: Reader = (part) => ({ kind: 'text', text: textIn(part.text ?? part.content) });

const readThought: Reader = (part) => ({
  kind: 'thinking',
  text: textIn(part.thinking ?? part.text ?? part.content ?? part.reasoning ?? part.summary),
});

const readCall: Reader = (part) => ({ kind: 'call', call: writeCall(part) });

const readResult: Reader = (part) => ({
  kind: 'result',
  callId:
    stringOf(part.id) ??
    stringOf(part.tool_call_id) ??
    stringOf(part.toolCallId) ??
    stringOf(part.tool_use_id) ??
    stringOf(part.call_id) ??
    '',
  content: resultOf(part.response ?? part.result ?? part.output ?? part.content ?? null),
});

/** The AI SDK wraps a result by its kind: `{type: 'json', value}`. */
function resultOf(result: Json): Json {
  if (!isObject(result)) return result;
  const { type, value } = result;
  const isWrapped = type === 'json' || type === 'text' || type === 'error-text' || type === 'error-json';
  return isWrapped && value !== undefined ? value : result;
}

/** A file, sound or picture in OpenTelemetry's or the AI SDK's words as OpenAI's chat has it. */
const readMedia: Reader = (part) => {
  const mediaType = stringOf(part.mime_type) ?? stringOf(part.mediaType) ?? stringOf(part.media_type) ?? '';
  const modality = stringOf(part.modality) ?? mediaType.split('/')[0] ?? '';
  const address = stringOf(part.uri) ?? stringOf(part.url);
  const data = stringOf(part.content) ?? stringOf(part.data) ?? stringOf(part.image);
  const id = stringOf(part.file_id);
  if (id !== undefined) return { kind: 'shown', part: { type: 'file', file: { file_id: id } } };
  const url = address ?? (data === undefined ? undefined : addressOf(data, mediaType));
  if (url === undefined) return { kind: 'shown', part };
  const isPicture = modality === 'image' || part.type === 'image';
  if (isPicture) return { kind: 'shown', part: { type: 'image_url', image_url: { url } } };
  return { kind: 'shown', part: { type: 'file', file: { file_data: url } } };
};

const addressOf = (data: string, mediaType: string): string =>
  /^(data:|https?:)/i.test(data) ? data : `data:${mediaType || 'application/octet-stream'};base64,${data}`;

/** Anthropic's pictures have a source, OpenInference's are an object around an address. */
const readImage: Reader = (part) => {
  if (part.source !== undefined || part.image_url !== undefined) return { kind: 'shown', part };
  const image = isObject(part.image)
    ? isObject(part.image.image)
      ? part.image.image
      : part.image
    : undefined;
  const url = stringOf(image?.url);
  return url === undefined
    ? readMedia(part)
    : { kind: 'shown', part: { type: 'image_url', image_url: { url } } };
};

const readers = new Map<string, Reader>(
  Object.entries({
    text: readText,
    input_text: readText,
    output_text: readText,
    summary_text: readText,
    'system-prompt': readText,
    'user-prompt': readText,
    thinking: readThought,
    reasoning: readThought,
    refusal: (part: JsonObject): ReadPart => ({
      kind: 'refusal',
      text: textIn(part.refusal ?? part.content),
    }),
    tool_call: readCall,
    'tool-call': readCall,
    tool_use: readCall,
    server_tool_call: readCall,
    function_call: readCall,
    function: readCall,
    tool_call_response: readResult,
    server_tool_call_response: readResult,
    'tool-result': readResult,
    'tool-return': readResult,
    tool_result: readResult,
    function_call_output: readResult,
    blob: readMedia,
    uri: readMedia,
    file: (part: JsonObject): ReadPart => (isObject(part.file) ? { kind: 'shown', part } : readMedia(part)),
    image: readImage,
  }),
);

/** Gemini's parts are told by which field they have. */
function readUntyped(part: JsonObject): ReadPart {
  const call = part.functionCall ?? part.function_call;
  if (isObject(call)) return { kind: 'call', call: writeCall(call) };
  const response = part.functionResponse ?? part.function_response;
  if (isObject(response)) {
    const callId = stringOf(response.id) ?? stringOf(response.name) ?? '';
    return { kind: 'result', callId, content: response.response ?? null };
  }
  if (typeof part.text === 'string') {
    return { kind: part.thought === true ? 'thinking' : 'text', text: part.text };
  }
  return { kind: 'shown', part };
}

/** A call of a tool in OpenAI's form. Its arguments are a text of JSON. */
export function writeCall(call: JsonObject): JsonObject {
  const inner = isObject(call.tool_call) ? call.tool_call : call;
  const named = isObject(inner.function) ? inner.function : inner;
  const id =
    stringOf(inner.id) ??
    stringOf(inner.tool_call_id) ??
    stringOf(inner.toolCallId) ??
    stringOf(inner.call_id) ??
    '';
  const name =
    stringOf(named.name) ??
    stringOf(inner.toolName) ??
    stringOf(inner.tool_name) ??
    stringOf(inner.name) ??
    '';
  const input = named.arguments ?? named.args ?? inner.arguments ?? inner.input ?? inner.args ?? null;
  return {
    id: stringOf(inner.call_id) ?? id,
    type: 'function',
    function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input ?? {}) },
  };
}

/** The texts of a text, a list of parts, or a part. */
export function textIn(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    return value
      .map((part) =>
        typeof part === 'string' ? part : isObject(part) ? textIn(part.text ?? part.content) : '',
      )
      .filter((text) => text !== '')
      .join('\n');
  }
  return isObject(value) ? textIn(value.text ?? value.content ?? value.parts) : String(value);
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
