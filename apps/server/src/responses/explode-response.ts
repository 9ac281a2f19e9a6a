import { isObject, type Json, type JsonObject } from '@app/protocol';
import { outputOf } from './stored-turn.ts';

/**
 * The events of a stream that ends in this response, without their numbers: every item is opened, filled and closed, and
 * the last event holds the response as it is kept. Source: OpenAI's schema of `ResponseStreamEvent`.
 */
export function explodeResponse(response: JsonObject): JsonObject[] {
  const { usage: _, ...rest } = response;
  const opening = { ...rest, status: 'in_progress', output: [], error: null, completed_at: null };
  return [
    { type: 'response.created', response: opening },
    { type: 'response.in_progress', response: opening },
    ...explodeOutput(response),
    finalEvent(response),
  ];
}

/** The events of the items alone. */
export function explodeOutput(response: JsonObject): JsonObject[] {
  return outputOf(response).flatMap((item, place) => [
    { type: 'response.output_item.added', output_index: place, item: openedItem(item) },
    ...explodeItem(item, place),
    { type: 'response.output_item.done', output_index: place, item },
  ]);
}

/** The event that a stream of this response ends with. One that was cancelled is told as incomplete. */
export function finalEvent(response: JsonObject): JsonObject {
  const { status } = response;
  const type = status === 'completed' || status === 'failed' ? `response.${status}` : 'response.incomplete';
  return { type, response };
}

function openedItem(item: JsonObject): JsonObject {
  const opened: JsonObject = { ...item };
  if (item.status !== undefined) opened.status = 'in_progress';
  if (item.type === 'message') opened.content = [];
  if (item.type === 'function_call') opened.arguments = '';
  if (item.type === 'reasoning') {
    opened.summary = [];
    if (item.content !== undefined) opened.content = [];
  }
  return opened;
}

function explodeItem(item: JsonObject, place: number): JsonObject[] {
  const at = { item_id: item.id ?? '', output_index: place };
  switch (item.type) {
    case 'message':
      return partsOf(item.content).flatMap((part, index) =>
        explodePart(part, { ...at, content_index: index }),
      );
    case 'function_call':
      return [
        { type: 'response.function_call_arguments.delta', ...at, delta: item.arguments ?? '' },
        {
          type: 'response.function_call_arguments.done',
          ...at,
          name: item.name ?? '',
          arguments: item.arguments ?? '',
        },
      ];
    case 'reasoning':
      return [
        ...partsOf(item.summary).flatMap((part, index) =>
          explodeSummary(part, { ...at, summary_index: index }),
        ),
        ...partsOf(item.content).flatMap((part, index) => explodePart(part, { ...at, content_index: index })),
      ];
    default:
      // Calls of tools that a provider runs itself are told whole.
      return [];
  }
}

function explodePart(part: JsonObject, at: JsonObject): JsonObject[] {
  const { type, text = '', refusal = '', annotations, logprobs = [] } = part;
  const notes = Array.isArray(annotations) ? annotations : [];
  const between = (inner: JsonObject[], opened: JsonObject): JsonObject[] => [
    { type: 'response.content_part.added', ...at, part: { ...part, ...opened } },
    ...inner,
    { type: 'response.content_part.done', ...at, part },
  ];
  if (type === 'refusal') {
    const events = [
      { type: 'response.refusal.delta', ...at, delta: refusal },
      { type: 'response.refusal.done', ...at, refusal },
    ];
    return between(events, { refusal: '' });
  }
  if (type === 'reasoning_text') {
    const events = [
      { type: 'response.reasoning_text.delta', ...at, delta: text },
      { type: 'response.reasoning_text.done', ...at, text },
    ];
    return between(events, { text: '' });
  }
  if (type !== 'output_text') return between([], {});
  const told = notes.map((annotation, index) => ({
    type: 'response.output_text.annotation.added',
    ...at,
    annotation_index: index,
    annotation,
  }));
  const events = [
    { type: 'response.output_text.delta', ...at, delta: text, logprobs },
    ...told,
    { type: 'response.output_text.done', ...at, text, logprobs },
  ];
  return between(events, { text: '', annotations: [] });
}

function explodeSummary(part: JsonObject, at: JsonObject): JsonObject[] {
  const { text = '' } = part;
  return [
    { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
    { type: 'response.reasoning_summary_text.delta', ...at, delta: text },
    { type: 'response.reasoning_summary_text.done', ...at, text },
    { type: 'response.reasoning_summary_part.done', ...at, part },
  ];
}

function partsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
