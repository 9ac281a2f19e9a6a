import type { Script } from './fake-upstream.ts';
import { piecesOf, type Saying, type ToolSaying, toolsOf } from './openai-upstream.ts';
import { answersJson, type StreamOptions, streamsText } from './upstream-scripts.ts';

type Fields = { [field: string]: unknown };

const HEAD = { id: 'msg_fake', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' };
const USAGE = {
  input_tokens: 16,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 5,
  output_tokens: 7,
  service_tier: 'standard',
};

/**
 * Plays Anthropic's messages, whole or streamed as the request asks.
 * Source of the format: Anthropic's API reference, "Messages" and "Streaming messages".
 */
export function playsAnthropic(saying: Saying, options: StreamOptions = {}): Script {
  return (response, request) => {
    const script =
      request.json?.stream === true ? streamed(saying, options) : answersJson(anthropicMessage(saying));
    return script(response, request);
  };
}

/** A whole message. */
export function anthropicMessage(saying: Saying): Fields {
  return {
    ...HEAD,
    content: blocksOf(saying),
    stop_reason: stopOf(saying),
    stop_sequence: null,
    usage: USAGE,
  };
}

/** The events of a stream. */
export function anthropicFrames(saying: Saying, options: StreamOptions = {}): Fields[] {
  const opening = { ...HEAD, content: [], stop_reason: null, stop_sequence: null };
  const frames: Fields[] = [
    { type: 'message_start', message: { ...opening, usage: { ...USAGE, output_tokens: 1 } } },
    { type: 'ping' },
    ...blocksOf(saying).flatMap(blockFrames),
    { type: 'message_delta', delta: { stop_reason: stopOf(saying), stop_sequence: null }, usage: USAGE },
  ];
  if (!options.ending) frames.push({ type: 'message_stop' });
  return frames;
}

function streamed(saying: Saying, options: StreamOptions): Script {
  const frames = anthropicFrames(saying, options);
  const text = frames.map((frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`);
  return streamsText(text.join(''), options);
}

type Block =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string }
  | { type: 'text'; text: string }
  | ({ type: 'tool_use' } & ToolSaying);

/** A signature without a thought holds the thought, encrypted. */
function blocksOf(saying: Saying): Block[] {
  const { thought, signature = '', text } = saying;
  const blocks: Block[] = [];
  if (thought !== undefined) blocks.push({ type: 'thinking', thinking: thought, signature });
  else if (signature !== '') blocks.push({ type: 'redacted_thinking', data: signature });
  if (text !== undefined) blocks.push({ type: 'text', text });
  return [...blocks, ...toolsOf(saying).map((tool) => ({ type: 'tool_use', ...tool }) as const)];
}

/** How a block begins in a stream, and how it grows. */
function growthOf(block: Block): { start: Fields; deltas: Fields[] } {
  switch (block.type) {
    case 'thinking': {
      const deltas = piecesOf(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking }));
      const seal = { type: 'signature_delta', signature: block.signature };
      return { start: { ...block, thinking: '', signature: '' }, deltas: [...deltas, seal] };
    }
    case 'redacted_thinking':
      return { start: block, deltas: [] };
    case 'text': {
      const deltas = piecesOf(block.text).map((text) => ({ type: 'text_delta', text }));
      return { start: { ...block, text: '' }, deltas };
    }
    case 'tool_use': {
      const pieces = piecesOf(JSON.stringify(block.input));
      const deltas = pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
      return { start: { ...block, input: {} }, deltas };
    }
  }
}

function blockFrames(block: Block, index: number): Fields[] {
  const { start, deltas } = growthOf(block);
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function stopOf(saying: Saying): string {
  return toolsOf(saying).length > 0 ? 'tool_use' : 'end_turn';
}
