/** JSON as it comes from the API: nothing about its shape is certain. */
export type Unknown = unknown;
type Fields = Record<string, Unknown>;

export type Block = {
  kind: 'text' | 'thinking' | 'tool-call' | 'tool-result' | 'image' | 'other';
  title?: string;
  text: string;
  /** Where a picture is, when it came inside the message. Pictures elsewhere are never fetched. */
  source?: string;
};
export type Message = { role: string; blocks: Block[] };

/** The messages of a request body in either dialect, system text first, as blocks to be read. */
export function messagesOf(request: Unknown): Message[] {
  if (!isObject(request)) return [];
  const system = request.system === undefined ? [] : [{ role: 'system', blocks: blocksOf(request.system) }];
  const prompt =
    typeof request.prompt === 'string' ? [{ role: 'user', blocks: blocksOf(request.prompt) }] : [];
  const messages = Array.isArray(request.messages) ? request.messages.filter(isObject).map(messageOf) : [];
  return [...system, ...prompt, ...messages];
}

/** What else was asked for: sampling, tools, format; undefined when there was nothing else. */
export function settingsOf(request: Unknown): Fields | undefined {
  if (!isObject(request)) return undefined;
  const {
    messages: _messages,
    system: _system,
    prompt: _prompt,
    model: _model,
    stream: _stream,
    ...rest
  } = request;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** The parts of a recorded reply as blocks. */
export function partsOf(reply: Unknown): Block[] {
  if (!isObject(reply) || !Array.isArray(reply.parts)) return [];
  return reply.parts.filter(isObject).map((part): Block => {
    if (part.kind === 'text') return { kind: 'text', text: textOf(part.text) };
    if (part.kind === 'thinking') return { kind: 'thinking', title: 'thinking', text: textOf(part.text) };
    if (part.kind === 'tool-call')
      return { kind: 'tool-call', title: textOf(part.name), text: prettyText(part.input) };
    return { kind: 'other', title: textOf(part.kind), text: pretty(part.value ?? part) };
  });
}

/** JSON with line breaks; empty for what JSON cannot say. */
export const pretty = (value: Unknown): string => JSON.stringify(value, null, 2) ?? '';

function messageOf(message: Fields): Message {
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isObject).map(toolCallOf) : [];
  const blocks = message.role === 'tool' ? [toolResultOf(message)] : blocksOf(message.content);
  return { role: textOf(message.role), blocks: [...blocks, ...calls] };
}

function toolResultOf(message: Fields): Block {
  return { kind: 'tool-result', title: textOf(message.tool_call_id), text: plainText(message.content) };
}

function toolCallOf(call: Fields): Block {
  const named = isObject(call.function) ? call.function : call;
  return { kind: 'tool-call', title: textOf(named.name), text: prettyText(named.arguments) };
}

function blocksOf(content: Unknown): Block[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).map(blockOf);
}

function blockOf(block: Fields): Block {
  if (typeof block.text === 'string') return { kind: 'text', text: block.text };
  if (block.type === 'thinking') return { kind: 'thinking', title: 'thinking', text: textOf(block.thinking) };
  if (block.type === 'tool_use')
    return { kind: 'tool-call', title: textOf(block.name), text: pretty(block.input) };
  if (block.type === 'tool_result') {
    return { kind: 'tool-result', title: textOf(block.tool_use_id), text: plainText(block.content) };
  }
  if (block.type === 'image' || block.type === 'image_url') return imageOf(addressOf(block));
  return { kind: 'other', title: textOf(block.type), text: pretty(block) };
}

/** OpenAI: `image_url.url`. Anthropic: `source` with `url`, or with `media_type` and `data`. */
function addressOf({ image_url: image, source }: Fields): string {
  if (isObject(image)) return textOf(image.url);
  if (!isObject(source)) return textOf(image);
  return typeof source.data === 'string'
    ? `data:${textOf(source.media_type)};base64,${source.data}`
    : textOf(source.url);
}

/** Only formats that cannot hold a script or lead elsewhere. */
const PICTURE = /^data:(image\/(?:png|jpeg|gif|webp));base64,/;

function imageOf(address: string): Block {
  const image = { kind: 'image', title: 'image' } as const;
  if (!address.startsWith('data:')) return { ...image, text: address };
  const comma = address.indexOf(',');
  const type = address.slice('data:'.length, comma).split(';')[0];
  const bytes = ((address.length - comma - 1) * 3) / 4;
  const text = `${type}, ${Math.max(1, Math.round(bytes / 1_024))} KB`;
  return PICTURE.test(address) ? { ...image, text, source: address } : { ...image, text };
}

const plainText = (content: Unknown): string =>
  typeof content === 'string'
    ? content
    : blocksOf(content)
        .map((block) => block.text)
        .join('\n');

function prettyText(json: Unknown): string {
  if (typeof json !== 'string') return pretty(json);
  try {
    return pretty(JSON.parse(json));
  } catch {
    return json;
  }
}

const textOf = (value: Unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : pretty(value);

const isObject = (value: Unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
