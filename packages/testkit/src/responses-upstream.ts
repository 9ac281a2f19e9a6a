import type { Script, UpstreamRequest } from './fake-upstream.ts';
import { piecesOf, type Saying, toolsOf } from './openai-upstream.ts';
import { answersJson, type StreamOptions, streamsText } from './upstream-scripts.ts';

type Fields = { [field: string]: unknown };

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
export function playsResponses(saying: Saying, options: StreamOptions = {}): Script {
  let count = 0;
  return (response, request) => {
    count += 1;
    const mark = `${Buffer.from(saying.text ?? '')
      .toString('hex')
      .slice(0, 24)}_${count}`;
    const items = itemsOf(saying, request, mark);
    const whole = { ...openingOf(request), status: 'completed', output: items, usage: USAGE };
    if (request.json?.stream !== true) return answersJson(whole)(response, request);
    const events = eventsOf(openingOf(request), items);
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

/** `mark` tells the items of one reply from those of others. A signature is the encrypted form of the thinking. */
function itemsOf(saying: Saying, { json }: UpstreamRequest, mark: string): Fields[] {
  const { text, thought, signature } = saying;
  const items: Fields[] = [];
  if (thought !== undefined || signature !== undefined) {
    const summary = thought === undefined ? [] : [{ type: 'summary_text', text: thought }];
    // What OpenAI keeps itself it need not hand out.
    const isKept = json?.store !== false;
    const sealed = signature === undefined || isKept ? {} : { encrypted_content: signature };
    items.push({ id: `rs_${mark}`, type: 'reasoning', summary, ...sealed });
  }
  if (text !== undefined) {
    const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }];
    items.push({ id: `msg_${mark}`, type: 'message', status: 'completed', role: 'assistant', content });
  }
  for (const [index, { id, name, input }] of toolsOf(saying).entries()) {
    const call = { call_id: id, name, arguments: JSON.stringify(input) };
    items.push({ id: `fc_${mark}_${index}`, type: 'function_call', status: 'completed', ...call });
  }
  return items;
}

function eventsOf(opening: Fields, items: readonly Fields[]): Fields[] {
  const events: Fields[] = [
    { type: 'response.created', response: opening },
    { type: 'response.in_progress', response: opening },
  ];
  for (const [place, item] of items.entries()) {
    const at = { item_id: item.id, output_index: place };
    const opened: Fields = { ...item, ...EMPTY[String(item.type)] };
    if (item.type !== 'reasoning') opened.status = 'in_progress';
    events.push({ type: 'response.output_item.added', output_index: place, item: opened });
    events.push(...growth(item, at));
    events.push({ type: 'response.output_item.done', output_index: place, item });
  }
  return events;
}

/** How an item of each type begins. */
const EMPTY: { [type: string]: Fields } = {
  reasoning: { summary: [] },
  message: { content: [] },
  function_call: { arguments: '' },
};

function growth(item: Fields, at: Fields): Fields[] {
  const [first] = [item.content ?? item.summary ?? []].flat();
  const text = String(Object(first).text ?? item.arguments ?? '');
  if (item.type === 'message') return textEvents(text, { ...at, content_index: 0 });
  if (item.type === 'reasoning') return first ? summaryEvents(text, { ...at, summary_index: 0 }) : [];
  return [
    ...piecesOf(text).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
    { type: 'response.function_call_arguments.done', ...at, name: item.name, arguments: text },
  ];
}

function summaryEvents(text: string, at: Fields): Fields[] {
  const part = { type: 'summary_text', text };
  return [
    { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
    ...piecesOf(text).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
    { type: 'response.reasoning_summary_text.done', ...at, text },
    { type: 'response.reasoning_summary_part.done', ...at, part },
  ];
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
