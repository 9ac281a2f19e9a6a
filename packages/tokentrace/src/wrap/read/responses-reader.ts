import { type JsonObject, usageReaders } from '@app/protocol';
import { type Json, snapshot } from '../snapshot.ts';
import { type ReplyFacts, type ReplyReader, usageFields } from './reply-reader.ts';
import { arrayOf, fieldsOf, grown, isRecord, numberIn, objectOf, textIn } from './wire-value.ts';

type Fields = { [key: string]: Json };

/**
 * Reads OpenAI's responses, whole or as events. The last event holds the whole response; until it comes, the items are
 * put together from their parts. Source: OpenAI's API reference, "Streaming events" of "Create a model response".
 */
export function openResponsesReader(): ReplyReader {
  let response: JsonObject | undefined;
  let isWhole = false;
  let failure: JsonObject | undefined;
  const items = new Map<number, Fields>();

  function event(value: unknown): boolean {
    if (!isRecord(value)) return false;
    const type = textIn(value.type) ?? '';
    if (isRecord(value.response)) {
      response = value.response;
      isWhole = ENDS.has(type);
    }
    if (type === 'error') failure = value;
    const place = numberIn(value.output_index);
    if (place === undefined) return false;
    if (isRecord(value.item)) items.set(place, fieldsOf(snapshot(value.item)));
    else growItem(items, place, value);
    return type.endsWith('.delta');
  }

  function facts(): ReplyFacts {
    if (response === undefined && failure === undefined) return { fields: {} };
    const said = response ?? {};
    const output = isWhole
      ? said.output
      : [...items.entries()].sort(([a], [b]) => a - b).map(([, item]) => item);
    const fault = failure ?? (isRecord(said.error) ? said.error : undefined);
    return {
      fields: {
        model: textIn(said.model),
        serviceTier: isWhole ? textIn(said.service_tier) : undefined,
        finishReason: isWhole ? finishOf(said) : undefined,
        output: snapshot({ ...said, output }),
        ...usageFields(usageReaders.responses(objectOf(said.usage))),
      },
      ...(fault && { failure: errorOf(fault) }),
    };
  }

  return {
    event,
    whole: (reply) => {
      if (!isRecord(reply)) return;
      response = reply;
      isWhole = true;
    },
    facts,
  };
}

const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);

function finishOf(response: JsonObject): string | undefined {
  return textIn(objectOf(response.incomplete_details).reason) ?? textIn(response.status);
}

function errorOf(fault: JsonObject): { code?: string; message: string } {
  const [code, message] = [textIn(fault.code), textIn(fault.message)];
  return { ...(code !== undefined && { code }), message: message ?? 'The response failed.' };
}

/** Pieces of text and of arguments, which matter only when the stream stops before its item is done. */
function growItem(items: Map<number, Fields>, place: number, event: JsonObject): void {
  const piece = textIn(event.delta);
  const item = items.get(place);
  if (piece === undefined || item === undefined) return;
  const type = textIn(event.type) ?? '';
  if (type === 'response.function_call_arguments.delta') item.arguments = grown(item.arguments, piece);
  else if (type === 'response.output_text.delta')
    growPart(item, { list: 'content', at: numberIn(event.content_index), type: 'output_text', piece });
  else if (type === 'response.refusal.delta')
    growPart(item, { list: 'content', at: numberIn(event.content_index), type: 'refusal', piece });
  else if (type === 'response.reasoning_summary_text.delta')
    growPart(item, { list: 'summary', at: numberIn(event.summary_index), type: 'summary_text', piece });
}

type Growth = { list: 'content' | 'summary'; at: number | undefined; type: string; piece: string };

function growPart(item: Fields, { list, at = 0, type, piece }: Growth): void {
  const parts = arrayOf(item[list]).map((part) => fieldsOf(snapshot(part)));
  const index = Math.min(at, parts.length);
  const part = parts[index] ?? { type };
  const name = type === 'refusal' ? 'refusal' : 'text';
  part[name] = grown(part[name], piece);
  parts[index] = part;
  item[list] = parts;
}
