import {
  type AssistantPart,
  type Frame,
  isObject,
  type Json,
  type JsonObject,
  type Reply,
  type StopReason,
  type Usage,
} from '../src/index.ts';

/**
 * Plays the server of Bedrock's Converse, which no caller of ours is: replies in its words, and what it understood of a
 * request. Source: the Amazon Bedrock API reference, `Converse` and `ConverseStream`.
 */
const STOPS: Record<StopReason, string> = {
  end: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'stop-sequence': 'stop_sequence',
  refusal: 'content_filtered',
  pause: 'end_turn',
  other: 'end_turn',
};

export function converseReply(reply: Reply): JsonObject {
  return {
    output: { message: { role: 'assistant', content: reply.parts.flatMap(blockOf) } },
    stopReason: STOPS[reply.stop],
    usage: usageOf(reply.usage),
    metrics: { latencyMs: 1 },
  };
}

/** The events of a stream, as the binary framing gives them. */
export function converseFrames(reply: Reply): Frame[] {
  const frames: Frame[] = [frame('messageStart', { role: 'assistant' })];
  for (const [contentBlockIndex, part] of reply.parts.filter(isSaid).entries()) {
    if (part.kind === 'tool-call') {
      const start = { toolUse: { toolUseId: part.id, name: part.name } };
      frames.push(frame('contentBlockStart', { contentBlockIndex, start }));
    }
    for (const delta of deltasOf(part)) frames.push(frame('contentBlockDelta', { contentBlockIndex, delta }));
    frames.push(frame('contentBlockStop', { contentBlockIndex }));
  }
  return [
    ...frames,
    frame('messageStop', { stopReason: STOPS[reply.stop] }),
    frame('metadata', { usage: usageOf(reply.usage), metrics: { latencyMs: 1 } }),
  ];
}

type Said = AssistantPart & { kind: 'text' | 'refusal' | 'thinking' | 'tool-call' };

function isSaid(part: AssistantPart): part is Said {
  return part.kind !== 'media' && part.kind !== 'opaque';
}

function blockOf(part: AssistantPart): JsonObject[] {
  if (!isSaid(part)) return [];
  if (part.kind === 'text' || part.kind === 'refusal') return [{ text: part.text }];
  if (part.kind === 'tool-call')
    return [{ toolUse: { toolUseId: part.id, name: part.name, input: JSON.parse(part.input || '{}') } }];
  const { text, signature } = part;
  return [
    { reasoningContent: { reasoningText: { text, ...(signature && { signature: signature.value }) } } },
  ];
}

function deltasOf(part: Said): JsonObject[] {
  if (part.kind === 'tool-call') return halves(part.input).map((input) => ({ toolUse: { input } }));
  if (part.kind === 'text' || part.kind === 'refusal') return halves(part.text).map((text) => ({ text }));
  const seal = part.signature === undefined ? [] : [{ signature: part.signature.value }];
  return [...halves(part.text).map((text) => ({ text })), ...seal].map((reasoningContent) => ({
    reasoningContent,
  }));
}

/** By whole characters, so that no half is broken. */
function halves(text: string): string[] {
  const letters = [...text];
  const middle = Math.ceil(letters.length / 2);
  return [letters.slice(0, middle).join(''), letters.slice(middle).join('')].filter(Boolean);
}

function usageOf(usage: Usage): JsonObject {
  const { outputText = 0, outputThinking = 0, outputAudio = 0, outputImage = 0 } = usage;
  const outputTokens = outputText + outputThinking + outputAudio + outputImage;
  const inputTokens = usage.inputFresh ?? 0;
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

function frame(event: string, body: JsonObject): Frame {
  return { event, data: JSON.stringify(body) };
}

/** What the server understood of a request: all text, each result's text, and the calls and results in their order. */
export function heardByConverse(body: JsonObject): {
  said: string;
  results: [string, string][];
  tools: unknown[];
} {
  const blocks = [
    ...objectsIn(body.system),
    ...objectsIn(body.messages).flatMap((message) => objectsIn(message.content)),
  ];
  const given = blocks.map(({ toolResult }) => toolResult).filter(isObject);
  return {
    said: blocks.map(textIn).join(''),
    results: given.map((one) => [`${one.toolUseId}`, objectsIn(one.content).map(textIn).join('')]),
    tools: blocks.flatMap(({ toolUse, toolResult }): unknown[] => {
      if (isObject(toolUse)) return [[toolUse.toolUseId, toolUse.name, toolUse.input]];
      return isObject(toolResult) ? [['result', toolResult.toolUseId]] : [];
    }),
  };
}

function textIn({ text }: JsonObject): string {
  return typeof text === 'string' ? text : '';
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
