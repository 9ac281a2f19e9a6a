import { GatewayError } from '../error.ts';
import type { Event } from '../event.ts';
import { isObject, type Json } from '../json.ts';
import { readErrorBody } from './errors.ts';
import { finish, openReading, readResponse } from './read-response.ts';

/** A whole reply as events: a stream of one response; its first candidate, when there are several. */
export function readReply(body: Json): Event[] {
  if (!isObject(body)) throw bad('is not an object');
  if (isObject(body.error)) throw readErrorBody(body);
  const reading = openReading();
  const events = readResponse(reading, body);
  if (!reading.hasCandidate && reading.blocked === undefined) throw bad('has no candidates');
  return [...events, ...finish(reading)];
}

function bad(what: string): GatewayError {
  return new GatewayError('provider_bad_response', `The provider's reply ${what}.`);
}
