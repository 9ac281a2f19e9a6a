import type { Script, UpstreamRequest } from './fake-upstream.ts';
import { answersJson, type StreamOptions, streamsText } from './upstream-scripts.ts';

/** A call of a tool. Gemini's wire leaves the id out. */
export type ToolSaying = { id: string; name: string; input: object };

/** What a provider says: what it thought and how that is sealed, then text, then calls of tools. */
export type Saying = {
  thought?: string;
  signature?: string;
  text?: string;
  tool?: ToolSaying | readonly ToolSaying[];
};

type Fields = { [field: string]: unknown };

const HEAD = { id: 'chatcmpl-fake', created: 1_700_000_000, model: 'gpt-4o-2024-08-06' };
const USAGE = {
  prompt_tokens: 21,
  completion_tokens: 7,
  total_tokens: 28,
  prompt_tokens_details: { cached_tokens: 5, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
};

/**
 * Plays OpenAI's chat completions, whole or streamed as the request asks.
 * Source of the format: OpenAI's API reference, "Create chat completion" and "The chat completion chunk object".
 */
export function playsOpenAi(saying: Saying, options: StreamOptions = {}): Script {
  return (response, request) => {
    const script =
      request.json?.stream === true ? streamed(saying, request, options) : answersJson(whole(saying));
    return script(response, request);
  };
}

function whole(saying: Saying): Fields {
  const { text, thought } = saying;
  const tools = toolsOf(saying);
  const message: Fields = { role: 'assistant', content: text ?? null, refusal: null, annotations: [] };
  if (thought !== undefined) message.reasoning_content = thought;
  if (tools.length > 0)
    message.tool_calls = tools.map((tool) => ({ id: tool.id, type: 'function', function: functionOf(tool) }));
  return {
    ...HEAD,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: stopOf(saying) }],
    usage: USAGE,
    system_fingerprint: 'fp_fake',
  };
}

function streamed(saying: Saying, request: UpstreamRequest, options: StreamOptions): Script {
  const { text, thought = '' } = saying;
  const deltas: Fields[] = [{ role: 'assistant', content: text === undefined ? null : '' }];
  for (const reasoning_content of piecesOf(thought)) deltas.push({ reasoning_content });
  for (const content of piecesOf(text ?? '')) deltas.push({ content });
  for (const [index, tool] of toolsOf(saying).entries()) {
    const { name, arguments: input } = functionOf(tool);
    deltas.push({
      tool_calls: [{ index, id: tool.id, type: 'function', function: { name, arguments: '' } }],
    });
    for (const piece of piecesOf(input))
      deltas.push({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  const frames: Fields[] = deltas.map((delta) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason: null }]),
  );
  frames.push(chunk([{ index: 0, delta: {}, logprobs: null, finish_reason: stopOf(saying) }]));
  if (wantsUsage(request)) frames.push({ ...chunk([]), usage: USAGE });
  const lines = [...frames.map((frame) => JSON.stringify(frame)), ...(options.ending ? [] : ['[DONE]'])];
  return streamsText(lines.map((line) => `data: ${line}\n\n`).join(''), options);
}

function chunk(choices: Fields[]): Fields {
  return {
    ...HEAD,
    object: 'chat.completion.chunk',
    service_tier: 'default',
    system_fingerprint: 'fp_fake',
    choices,
  };
}

function stopOf(saying: Saying): string {
  return toolsOf(saying).length > 0 ? 'tool_calls' : 'stop';
}

function functionOf(tool: ToolSaying): { name: string; arguments: string } {
  return { name: tool.name, arguments: JSON.stringify(tool.input) };
}

function wantsUsage({ json }: UpstreamRequest): boolean {
  const options = json?.stream_options;
  return typeof options === 'object' && options !== null && Reflect.get(options, 'include_usage') === true;
}

/** The calls of tools, in order. */
export function toolsOf({ tool = [] }: Saying): readonly ToolSaying[] {
  return [tool].flat();
}

/** A text in pieces of a few characters, as a model gives it. */
export function piecesOf(text: string): string[] {
  return text.match(/.{1,4}/gsu) ?? [];
}
