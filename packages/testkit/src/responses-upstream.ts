import type { Script, UpstreamRequest } from './fake-upstream.ts';
import { piecesOf, type Saying } from './openai-upstream.ts';
import { answersJson, type StreamOptions, streamsText } from './upstream-scripts.ts';

type Fields = { [field: string]: unknown };

/** What a provider of responses says; `sealed` is thinking of which only its encrypted form is shown. */
export type ResponseSaying = Saying & { sealed?: string };

const USAGE = {
  input_tokens: 21,
  input_tokens_details: { cached_tokens: 5 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 28,
};

/**
 * Plays OpenAI's responses, whole or streamed as the request asks.
 * Source of the format: OpenAI's API reference, "Create a model response" and "Streaming events".
 */
export function playsResponses(saying: ResponseSaying, options: StreamOptions = {}): Script {
  let count = 0;
  return (response, request) => {
    count += 1;
    const items = itemsOf(
      saying,
      `${Buffer.from(saying.text ?? '')
        .toString('hex')
        .slice(0, 24)}_${count}`,
    );
    const whole = { ...openingOf(request), status: 'completed', output: items, usage: USAGE };
    if (request.json?.stream !== true) return answersJson(whole)(response, request);
    const events = eventsOf(openingOf(request), items, saying);
    if (!options.ending) events.push({ type: 'response.completed', response: whole });
    const text = events.map((event, sequence_number) => {
      const data = JSON.stringify({ ...event, sequence_number });
      return `event: ${event.type}\ndata: ${data}\n\n`;
    });
    return streamsText(text.join(''), options)(response, request);
  };
}

function openingOf({ json = {} }: UpstreamRequest): Fields {
  return {
    id: 'resp_fake',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: json.instructions ?? null,
    max_output_tokens: null,
    model: 'gpt-5-2025-08-07',
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: json.store ?? true,
    temperature: 1,
    text: json.text ?? { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: json.tools ?? [],
    top_p: 1,
    truncation: 'disabled',
    metadata: json.metadata ?? {},
    provider_extra: 'kept',
  };
}

/** `mark` tells the items of one reply from those of others. */
function itemsOf({ text, tool, sealed }: ResponseSaying, mark: string): Fields[] {
  const items: Fields[] = [];
  if (sealed !== undefined)
    items.push({ id: `rs_${mark}`, type: 'reasoning', summary: [], encrypted_content: sealed });
  if (text !== undefined)
    items.push({
      id: `msg_${mark}`,
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
    });
  if (tool)
    items.push({
      id: `fc_${mark}`,
      type: 'function_call',
      status: 'completed',
      call_id: tool.id,
      name: tool.name,
      arguments: JSON.stringify(tool.input),
    });
  return items;
}

function eventsOf(opening: Fields, items: readonly Fields[], saying: ResponseSaying): Fields[] {
  const events: Fields[] = [
    { type: 'response.created', response: opening },
    { type: 'response.in_progress', response: opening },
  ];
  for (const [place, item] of items.entries()) {
    const at = { item_id: item.id, output_index: place };
    const opened =
      item.type === 'message' ? { content: [] } : item.type === 'function_call' ? { arguments: '' } : {};
    events.push({ type: 'response.output_item.added', output_index: place, item: { ...item, ...opened } });
    if (item.type === 'message') events.push(...textEvents(saying.text ?? '', { ...at, content_index: 0 }));
    if (item.type === 'function_call') {
      for (const delta of piecesOf(String(item.arguments)))
        events.push({ type: 'response.function_call_arguments.delta', ...at, delta });
      events.push({
        type: 'response.function_call_arguments.done',
        ...at,
        name: item.name,
        arguments: item.arguments,
      });
    }
    events.push({ type: 'response.output_item.done', output_index: place, item });
  }
  return events;
}

function textEvents(text: string, at: Fields): Fields[] {
  const part = { type: 'output_text', text, annotations: [], logprobs: [] };
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
    ...piecesOf(text).map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part },
  ];
}
