import type { Caller } from '@app/gateway';
import { isObject, type JsonObject, parseJson, writeFrame } from '@app/protocol';
import { explodeResponse } from './explode-response.ts';
import type { StoredTurn } from './stored-turn.ts';

export type Replay = { after: number; headers: { [name: string]: string } };

/**
 * Streams a reply that is over: its own events where they were kept, else events made from it. Those up to `after` are
 * left out, but never the last one. One that failed ends as it did then: without the mark of a good end.
 */
export function replayTurn(turn: StoredTurn, caller: Caller, { after, headers }: Replay): void {
  caller.head(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const events = eventsOf(turn);
  const shown = events.filter(({ number }, at) => number > after || at === events.length - 1);
  const frames = shown.map(({ name, text }) => writeFrame({ event: name, data: text }));
  const isGood = turn.status === 'completed' || turn.status === 'incomplete';
  caller.write(isGood ? `${frames.join('')}data: [DONE]\n\n` : frames.join(''));
  if (isGood) caller.end();
  else caller.abort();
}

type Numbered = { name: string; number: number; text: string };

function eventsOf({ response, events }: StoredTurn): Numbered[] {
  if (events === undefined) {
    return explodeResponse(response).map((event, number) => numbered(event, number));
  }
  return events.flatMap((text, at) => {
    const event = parseJson(text);
    if (!isObject(event)) return [];
    const { type, sequence_number: number } = event;
    return [{ name: String(type), number: typeof number === 'number' ? number : at, text }];
  });
}

function numbered(event: JsonObject, number: number): Numbered {
  const { type, ...rest } = event;
  return { name: String(type), number, text: JSON.stringify({ type, sequence_number: number, ...rest }) };
}
