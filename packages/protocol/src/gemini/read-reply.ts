import { badReply } from '../bad-reply.ts';
import type { Event } from '../event.ts';
import { isObject, type Json } from '../json.ts';
import { readErrorBody } from './errors.ts';
import { finish, openReading, readResponse } from './read-response.ts';

/** A whole reply as events: a stream of one response; its first candidate, when there are several. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw badReply('is not an object');
  if (isObject(body.error)) throw readErrorBody(body);
  const reading = openReading();
  const events = readResponse(reading, body);
  if (!reading.hasCandidate && reading.blocked === undefined) throw badReply('has no candidates');
  return [...events, ...finish(reading)];
}
