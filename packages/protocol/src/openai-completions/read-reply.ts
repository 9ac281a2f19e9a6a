import { badReply } from '../bad-reply.ts';
import type { TextPart } from '../call.ts';
import type { Event } from '../event.ts';
import { explodePart } from '../explode.ts';
import { isObject, type Json, textOf } from '../json.ts';
import { readErrorBody } from './errors.ts';
import { readLogprobs } from './logprobs.ts';
import { readStop } from './stops.ts';
import { usageEvent } from './usage.ts';

/** A whole completion as events; its first choice, when there are several. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw badReply('is not an object');
  if (isObject(body.error)) throw readErrorBody(body);
  const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (!isObject(choice) || typeof choice.text !== 'string') throw badReply('has no text');
  const events: Event[] = [{ type: 'reply-start', id: textOf(body.id), model: textOf(body.model) }];
  const part: TextPart = { kind: 'text', text: choice.text };
  const logprobs = readLogprobs(choice.logprobs);
  if (logprobs !== undefined) part.logprobs = logprobs;
  if (part.text !== '' || logprobs !== undefined) events.push(...explodePart(part, 0));
  if (isObject(body.usage)) events.push(usageEvent(body.usage));
  events.push(endEvent(textOf(choice.finish_reason)));
  return events;
}

export function endEvent(rawStop: string): Event {
  const stop = readStop(rawStop);
  return rawStop === '' ? { type: 'reply-end', stop } : { type: 'reply-end', stop, rawStop };
}
