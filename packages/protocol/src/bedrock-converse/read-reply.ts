import { badReply } from '../bad-reply.ts';
import type { AssistantPart, Citation, TextPart, ThinkingPart } from '../call.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { CITATIONS_MAX } from '../reply-bounds.ts';
import { findUsage } from '../tell-usage.ts';
import { readName } from './names.ts';
import { readStop } from './stops.ts';
import { readUsage } from './usage.ts';
import { ID, MAKER, readInput } from './wire.ts';

/** A whole reply as events. The wire names neither the reply nor its model. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw badReply('is not an object');
  const message = isObject(body.output) ? body.output.message : undefined;
  if (!isObject(message) || !Array.isArray(message.content)) throw badReply('has no content');
  const events: Event[] = [{ type: 'reply-start', id: '', model: '' }];
  for (const [index, block] of message.content.entries()) {
    if (!isObject(block)) throw badReply('has a block that is not an object');
    events.push(...explodePart(readBlock(block), index));
  }
  events.push(...usageEvents(body), endEvent(body));
  return events;
}

/** One finished block as a part. */
function readBlock(block: JsonObject): AssistantPart {
  const { text, toolUse, reasoningContent, citationsContent, image } = block;
  if (typeof text === 'string') return { kind: 'text', text };
  if (isObject(toolUse) && toolUse.type === undefined) {
    const { toolUseId, name, input } = toolUse;
    return {
      kind: 'tool-call',
      id: textOf(toolUseId),
      name: readName(textOf(name)),
      input: readInput(input),
    };
  }
  if (isObject(reasoningContent)) return readThinking(reasoningContent);
  if (isObject(citationsContent)) return readCited(citationsContent);
  const data = isObject(image) && isObject(image.source) ? image.source.bytes : undefined;
  if (isObject(image) && typeof data === 'string')
    return { kind: 'media', mediaType: `image/${textOf(image.format)}`, data };
  return { kind: 'opaque', dialect: ID, value: block };
}

function readThinking({ reasoningText, redactedContent }: JsonObject): ThinkingPart {
  if (typeof redactedContent === 'string') {
    const signature = { maker: MAKER, value: redactedContent, isRedacted: true } as const;
    return { kind: 'thinking', text: '', signature };
  }
  const said = isObject(reasoningText) ? reasoningText : {};
  const value = textOf(said.signature);
  const part: ThinkingPart = { kind: 'thinking', text: textOf(said.text) };
  return value === '' ? part : { ...part, signature: { maker: MAKER, value } };
}

function readCited({ content, citations }: JsonObject): TextPart {
  const texts = Array.isArray(content) ? content.filter(isObject).map(({ text }) => textOf(text)) : [];
  const part: TextPart = { kind: 'text', text: texts.join('') };
  const cited = Array.isArray(citations)
    ? citations.slice(0, CITATIONS_MAX).filter(isObject).map(readCitation)
    : [];
  return cited.length === 0 ? part : { ...part, citations: cited };
}

/** A citation whole, or one piece of a stream, which is whole too. */
export function readCitation(wire: JsonObject): Citation {
  const citation: Citation = { wire: { dialect: ID, value: wire } };
  const { title, source, sourceContent, location } = wire;
  const web = isObject(location) && isObject(location.web) ? location.web : {};
  const url = textOf(web.url) || (/^https?:/.test(textOf(source)) ? textOf(source) : '');
  const quotes = Array.isArray(sourceContent) ? sourceContent.filter(isObject) : [];
  const quote = quotes.map(({ text }) => textOf(text)).join('');
  if (url !== '') citation.url = url;
  if (typeof title === 'string') citation.title = title;
  if (quote !== '') citation.quote = quote;
  return citation;
}

/** `wire` is a whole reply or the metadata that ends a stream. */
export function usageEvents({ usage: wire, serviceTier }: JsonObject): Event[] {
  const tier = isObject(serviceTier) ? textOf(serviceTier.type) : '';
  const event = findUsage({ ...readUsage(isObject(wire) ? wire : {}), billing: { serviceTier: tier } });
  return event === undefined ? [] : [event];
}

/** `wire` is a whole reply or the event that ends a stream's message. */
export function endEvent(wire: JsonObject): Event {
  const rawStop = textOf(wire.stopReason);
  const fields = wire.additionalModelResponseFields;
  const stopSequence = isObject(fields) ? textOf(fields.stop_sequence) : '';
  const end: Event = { type: 'reply-end', stop: readStop(rawStop) };
  if (rawStop !== '') end.rawStop = rawStop;
  if (stopSequence !== '') end.stopSequence = stopSequence;
  return end;
}
