import {
  type CallerDialectId,
  collect,
  type Dialect,
  dialects,
  type Event,
  embedDialects,
  type Frame,
  GatewayError,
  isObject,
  type Json,
  type JsonObject,
  openFeatureWatch,
  openOwnWriter,
  parseJson,
  providerDialects,
  replyLosses,
  type SseReader,
  type StreamWriter,
} from '../../src/index.ts';
import { grammarBreach, streamedCall } from '../laws.ts';
import type { FuzzCase } from './draft-case.ts';

export type Framings = { [framing in FuzzCase['framing']]: () => SseReader };

const CALLERS = Object.values(dialects);

/** What the pure readers and writers do with a case that they must not; empty when all is well. */
export function findBreaches(given: FuzzCase, framings: Framings): string[] {
  if (given.asks === 'unary') return vectorBreaches(given);
  const isRefusal = given.status < 200 || given.status > 399;
  const breaches = isRefusal ? refusalBreaches(given) : [];
  const events =
    given.asks === 'stream' ? streamEvents(given, framings, breaches) : wholeEvents(given, breaches);
  if (events === undefined) return breaches;
  const breach = grammarBreach(events);
  if (breach !== undefined) breaches.push(`grammar: ${breach}`);
  breaches.push(...events.flatMap(eventBreaches));
  if (breach === undefined) {
    // All dialects write it; one of them, in turn, reads what it wrote.
    const echo = CALLERS[given.number % CALLERS.length];
    for (const caller of CALLERS) breaches.push(...streamWriterBreaches(caller, events, caller === echo));
    breaches.push(...ownWriterBreaches(events));
    if (events.at(-1)?.type === 'reply-end') breaches.push(...wholeWriterBreaches(events, echo));
  }
  return breaches;
}

/** Whether this polluted what all objects share. */
export function hasPolluted(): boolean {
  return Reflect.has({}, 'polluted') || Reflect.has([], 'polluted') || Reflect.has(() => 0, 'polluted');
}

function streamEvents(given: FuzzCase, framings: Framings, breaches: string[]): Event[] {
  const framing = framings[given.framing]();
  const reader = providerDialects[given.dialect].outbound.openReader();
  const events: Event[] = [];
  const read = (frames: readonly Frame[]): void => {
    for (const frame of frames) {
      const more = attempt('a stream reader threw', breaches, () => reader.read(frame));
      const isOver = events.at(-1)?.type === 'error';
      if (isOver && more !== undefined && more.length > 0) breaches.push('events follow an error');
      if (events.at(-1)?.type !== 'reply-end') events.push(...(more ?? []));
    }
  };
  try {
    for (const piece of given.pieces) {
      // A copy that is overwritten after use, as a socket does with its memory.
      const copy = new Uint8Array(piece);
      read(framing.read(copy));
      copy.fill(0);
    }
    read(framing.end());
  } catch (error) {
    if (!(error instanceof GatewayError)) breaches.push(`the framing threw ${told(error)}`);
    else if (!isOver(events)) events.push({ type: 'error', error });
    return events;
  }
  if (!isOver(events)) events.push(...(attempt('a stream reader threw', breaches, () => reader.end()) ?? []));
  return events;
}

function isOver(events: readonly Event[]): boolean {
  const last = events.at(-1)?.type;
  return last === 'error' || last === 'reply-end';
}

function attempt<Value>(what: string, breaches: string[], run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    breaches.push(`${what}: ${told(error)}`);
    return undefined;
  }
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split('\n').find((line) => line.includes('/src/')) ?? '';
  return `${error.name}: ${error.message.slice(0, 200)} ${/src\/[^)]*/.exec(place)?.[0] ?? ''}`;
}

function bodyOf({ pieces }: FuzzCase): Json | undefined {
  return parseJson(Buffer.concat(pieces).toString('utf8'));
}

function wholeEvents(given: FuzzCase, breaches: string[]): Event[] | undefined {
  const body = bodyOf(given);
  if (body === undefined) return undefined;
  try {
    return providerDialects[given.dialect].outbound.readReply(body);
  } catch (error) {
    if (error instanceof GatewayError) breaches.push(...errorBreaches(error));
    else breaches.push(`readReply threw ${told(error)}`);
    return undefined;
  }
}

function refusalBreaches(given: FuzzCase): string[] {
  const breaches: string[] = [];
  const read = () => providerDialects[given.dialect].outbound.readError(given.status, bodyOf(given));
  const error = attempt('readError threw', breaches, read);
  if (error !== undefined) breaches.push(...errorBreaches(error));
  return breaches;
}

/** An error can be told in every dialect, with a status that is one. */
function errorBreaches(error: GatewayError): string[] {
  const breaches: string[] = [];
  if (typeof error.message !== 'string' || error.message.length > 2_000)
    breaches.push('an error of odd length');
  for (const { id, inbound } of CALLERS) {
    const told = attempt(`${id} writeError threw`, breaches, () => inbound.writeError(error, 'req_1'));
    if (told === undefined) continue;
    if (!Number.isInteger(told.status) || told.status < 400 || told.status > 599)
      breaches.push(`${id} gave the status ${told.status}`);
    if (parseJson(JSON.stringify(told.body)) === undefined)
      breaches.push(`${id} wrote an error that is no JSON`);
  }
  return breaches;
}

function eventBreaches(event: Event): string[] {
  switch (event.type) {
    case 'usage':
      return Object.entries(event.usage).flatMap(([name, count]) =>
        Number.isSafeInteger(count) && count >= 0 ? [] : [`usage.${name} is ${count}`],
      );
    case 'error':
      return event.error instanceof GatewayError ? errorBreaches(event.error) : ['an error of another class'];
    case 'reply-start':
      return textBreaches({ id: event.id, model: event.model });
    case 'part-start':
      if (!Number.isSafeInteger(event.index) || event.index < 0) return [`a part of index ${event.index}`];
      return event.kind === 'tool-call' ? textBreaches(event.tool) : [];
    case 'part-delta':
      return textBreaches({ delta: event.delta });
    case 'part-end':
      return [
        ...textBreaches({ seal: event.signature?.value ?? '' }),
        ...(event.citations ?? []).flatMap(({ url, title }) =>
          textBreaches({ url: url ?? '', title: title ?? '' }),
        ),
      ];
    case 'reply-end':
      return textBreaches({
        stop: event.stop,
        rawStop: event.rawStop ?? '',
        sequence: event.stopSequence ?? '',
      });
  }
}

function textBreaches(texts: { [name: string]: unknown }): string[] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [`${name} is no text but ${JSON.stringify(value)?.slice(0, 50)}`],
  );
}

function streamWriterBreaches(caller: Dialect, events: readonly Event[], isEcho: boolean): string[] {
  const breaches: string[] = [];
  const frames = writtenBy(caller.id, caller.inbound.openWriter(streamedCall), { events, breaches });
  const hasFailed = events.at(-1)?.type === 'error';
  const told = hasFailed ? frames.at(-1)?.data : frames.find(({ data }) => data !== '[DONE]')?.data;
  if (told !== undefined && !isObject(parseJson(told)))
    breaches.push(`${caller.id} wrote ${told.slice(0, 80)}`);
  const { closing } = caller.inbound;
  if (closing !== undefined && frames.some((frame) => closing.is(frame)) === hasFailed)
    breaches.push(`${caller.id}: a stream that ${hasFailed ? 'failed ends well' : 'succeeded does not end'}`);
  if (!isEcho) return breaches;
  // What we say, we understand.
  const reader = caller.outbound.openReader();
  const read = attempt(`${caller.id} cannot read itself`, breaches, () => [
    ...frames.flatMap((frame) => reader.read(frame)),
    ...reader.end(),
  ]);
  if (read === undefined) return breaches;
  const last = read.at(-1)?.type;
  if (last !== events.at(-1)?.type) breaches.push(`${caller.id} wrote a stream that reads as ${last}`);
  const breach = grammarBreach(read);
  if (breach !== undefined) breaches.push(`${caller.id} wrote a stream of which ${breach}`);
  return breaches;
}

function writtenBy(
  name: CallerDialectId | 'own',
  writer: StreamWriter,
  { events, breaches }: { events: readonly Event[]; breaches: string[] },
): Frame[] {
  const write = () => [...events.flatMap((event) => writer.write(event)), ...writer.end()];
  return attempt(`the stream writer of ${name} threw`, breaches, write) ?? [];
}

function ownWriterBreaches(events: readonly Event[]): string[] {
  const breaches: string[] = [];
  for (const { data } of writtenBy('own', openOwnWriter(streamedCall), { events, breaches }))
    if (data !== '[DONE]' && !isObject(parseJson(data))) breaches.push(`own events: ${data.slice(0, 80)}`);
  return breaches;
}

function wholeWriterBreaches(events: readonly Event[], echo: Dialect | undefined): string[] {
  const breaches: string[] = [];
  const reply = attempt('collect threw', breaches, () => collect(events));
  if (reply === undefined) return breaches;
  const watch = openFeatureWatch();
  for (const event of events) watch.see(event);
  for (const { id, inbound, outbound } of CALLERS) {
    attempt(`the losses of a reply for ${id}`, breaches, () => replyLosses(watch.seen(), id));
    const text = attempt(`writeReply of ${id} threw`, breaches, () =>
      JSON.stringify(inbound.writeReply(reply, { call: streamedCall })),
    );
    if (text === undefined || id !== echo?.id) continue;
    const body: Json = JSON.parse(text);
    const again = attempt(`${id} cannot read its own reply`, breaches, () => outbound.readReply(body));
    const breach = again === undefined ? undefined : grammarBreach(again);
    if (breach !== undefined) breaches.push(`${id} wrote a reply of which ${breach}`);
  }
  return breaches;
}

/** Vectors that were asked for in either dialect. */
function vectorBreaches({ dialect, pieces, unary }: FuzzCase): string[] {
  if (unary === undefined || !/embed/i.test(unary.route)) return [];
  const body = parseJson(Buffer.concat(pieces).toString('utf8'));
  if (body === undefined) return [];
  const breaches: string[] = [];
  const asker = embedDialects[unary.route.startsWith('/v1beta') ? 'gemini-embeddings' : 'openai-embeddings'];
  const maker = embedDialects[dialect === 'gemini' ? 'gemini-embeddings' : 'openai-embeddings'];
  const call = asker.readCall({ model: 'm', ...(unary.asked satisfies JsonObject) });
  try {
    const reply = maker.readReply(body, call.inputs.length);
    const { inputFresh = 0 } = reply.usage;
    if (!Number.isSafeInteger(inputFresh) || inputFresh < 0)
      breaches.push(`vectors used ${inputFresh} tokens`);
    const text = JSON.stringify(asker.writeReply(reply, call));
    // JSON has no other word for what is no number.
    if (/[[,]null[,\]]/.test(text)) breaches.push('vectors of no numbers');
  } catch (error) {
    if (!(error instanceof GatewayError)) breaches.push(`vectors threw ${told(error)}`);
  }
  return breaches;
}
