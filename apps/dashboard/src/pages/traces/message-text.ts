/** JSON as it comes from the API: nothing about its shape is certain. */
export type Unknown = unknown;

type Block = {
  kind: 'text' | 'thinking' | 'tool-call' | 'tool-result' | 'image' | 'other';
  title?: string;
  text: string;
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

/** The parts of a recorded reply as blocks. */
export function partsOf(reply: Unknown): Block[] {
  if (!isObject(reply) || !Array.isArray(reply.parts)) return [];
  return reply.parts.filter(isObject).map((part): Block => {
    if (part.kind === 'text') return { kind: 'text', text: String(part.text) };
    if (part.kind === 'thinking') return { kind: 'thinking', title: 'thinking', text: String(part.text) };
    if (part.kind === 'tool-call')
      return { kind: 'tool-call', title: String(part.name), text: prettyText(part.input) };
    return { kind: 'other', title: String(part.kind), text: pretty(part.value ?? part) };
  });
}

export const pretty = (value: Unknown): string => JSON.stringify(value, null, 2);

function messageOf(message: Record<string, Unknown>): Message {
  const isResult = message.role === 'tool';
  const blocks = isResult
    ? [
        {
          kind: 'tool-result' as const,
          title: String(message.tool_call_id ?? ''),
          text: plainText(message.content),
        },
      ]
    : blocksOf(message.content);
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isObject).map(toolCallOf) : [];
  return { role: String(message.role), blocks: [...blocks, ...calls] };
}

function toolCallOf(call: Record<string, Unknown>): Block {
  const named = isObject(call.function) ? call.function : call;
  return { kind: 'tool-call', title: String(named.name), text: prettyText(named.arguments) };
}

function blocksOf(content: Unknown): Block[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).map(blockOf);
}

function blockOf(block: Record<string, Unknown>): Block {
  if (typeof block.text === 'string') return { kind: 'text', text: block.text };
  if (block.type === 'thinking') return { kind: 'thinking', title: 'thinking', text: String(block.thinking) };
  if (block.type === 'tool_use')
    return { kind: 'tool-call', title: String(block.name), text: pretty(block.input) };
  if (block.type === 'tool_result') {
    return { kind: 'tool-result', title: String(block.tool_use_id), text: plainText(block.content) };
  }
  if (block.type === 'image' || block.type === 'image_url')
    return { kind: 'image', title: 'image', text: imageText(block) };
  return { kind: 'other', title: String(block.type), text: pretty(block) };
}

function imageText(block: Record<string, Unknown>): string {
  const source = isObject(block.image_url)
    ? block.image_url.url
    : isObject(block.source)
      ? (block.source.url ?? block.source.media_type)
      : '';
  const text = String(source);
  return text.startsWith('data:')
    ? `${text.slice(5, text.indexOf(';'))}, ${Math.round((text.length * 3) / 4096)} KB`
    : text;
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

const isObject = (value: Unknown): value is Record<string, Unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
