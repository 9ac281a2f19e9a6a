import { append } from '../append.ts';
import type { TokenLogprob } from '../call.ts';
import type { Event } from '../event.ts';
import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import type { Signature } from '../signature.ts';
import { findUsage } from '../tell-usage.ts';
import { readCitations, type Sources } from './citations.ts';
import { readLogprobs } from './logprobs.ts';
import { readMade } from './media.ts';
import { openPartialArgs, type PartialArgs } from './partial-args.ts';
import { readSeal } from './seals.ts';
import { rawOfBlock, readStop } from './stops.ts';
import { readTier, readToolUses, readUsage } from './usage.ts';
import { camelled, ID, inventId } from './wire.ts';

type Spoken = { index: number; kind: 'text' | 'thinking'; text: string; signature: Signature | undefined };
type OpenCall = { index: number; args: PartialArgs; signature: Signature | undefined };

/** What is known of a reply so far; a whole one is a stream of one response. */
export type Reading = {
  hasBegun: boolean;
  hasCandidate: boolean;
  /** What makes the ids of calls without one unique in their conversation. */
  source: string;
  /** Parts opened so far: the index of the next. */
  parts: number;
  calls: number;
  spoken: Spoken | undefined;
  /** A call whose arguments are still coming. */
  call: OpenCall | undefined;
  sources: Sources;
  rawStop: string;
  /** What the provider says of the stop, beside the word for it. */
  message: string;
  blocked: string | undefined;
};

export function openReading(): Reading {
  return {
    hasBegun: false,
    hasCandidate: false,
    source: '',
    parts: 0,
    calls: 0,
    spoken: undefined,
    call: undefined,
    sources: { grounding: {}, cited: [] },
    rawStop: '',
    message: '',
    blocked: undefined,
  };
}

/** The events of one `GenerateContentResponse`. Never throws; what is unknown is passed over. */
export function readResponse(reading: Reading, wire: JsonObject): Event[] {
  const response = camelled(wire);
  const events: Event[] = [];
  const candidate = firstCandidate(response.candidates);
  const feedback = isObject(response.promptFeedback) ? camelled(response.promptFeedback) : undefined;
  const usage = isObject(response.usageMetadata) ? camelled(response.usageMetadata) : undefined;
  if (candidate !== undefined || feedback !== undefined || usage !== undefined) {
    if (!reading.hasBegun) events.push(begin(reading, response, usage ?? {}));
  }
  if (candidate !== undefined) readCandidate(reading, candidate, events);
  const blocked = textOf(feedback?.blockReason);
  if (feedback !== undefined && blocked !== '') {
    reading.blocked = blocked;
    reading.message = textOf(feedback.blockReasonMessage);
  }
  if (usage !== undefined) events.push(...usageEvents(usage));
  return events;
}

function begin(reading: Reading, response: JsonObject, usage: JsonObject): Event {
  const id = textOf(response.responseId);
  reading.hasBegun = true;
  // Every reply has an id today; a prompt that grows from turn to turn tells older ones apart.
  const source = id || textOf(response.createTime) || `${usage.promptTokenCount ?? ''}`;
  reading.source = source.replace(/[^A-Za-z0-9_-]/g, '');
  return { type: 'reply-start', id, model: textOf(response.modelVersion) };
}

function firstCandidate(candidates: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(candidates)) return undefined;
  for (const candidate of candidates) {
    if (isObject(candidate) && (candidate.index === 0 || candidate.index === undefined))
      return camelled(candidate);
  }
  return undefined;
}

function usageEvents(wire: JsonObject): Event[] {
  const serviceTier = readTier(wire.serviceTier) ?? readTier(wire.trafficType) ?? '';
  const event = findUsage({ ...readUsage(wire), billing: { serviceTier } });
  return event === undefined ? [] : [event];
}

function readCandidate(reading: Reading, candidate: JsonObject, events: Event[]): void {
  reading.hasCandidate = true;
  const content = isObject(candidate.content) ? candidate.content : {};
  const logprobs = readLogprobs(candidate.logprobsResult);
  for (const part of Array.isArray(content.parts) ? content.parts : []) {
    if (isObject(part)) readPart(reading, camelled(part), { events, logprobs, raw: part });
  }
  const { spoken } = reading;
  if (logprobs.length > 0 && spoken?.kind === 'text')
    events.push({ type: 'part-delta', index: spoken.index, delta: '', logprobs: logprobs.splice(0) });
  readSources(reading.sources, candidate);
  const stop = textOf(candidate.finishReason);
  if (stop === '') return;
  reading.rawStop = stop;
  reading.message = textOf(candidate.finishMessage);
}

function readSources(sources: Sources, candidate: JsonObject): void {
  if (isObject(candidate.groundingMetadata))
    sources.grounding = { ...sources.grounding, ...camelled(candidate.groundingMetadata) };
  if (!isObject(candidate.citationMetadata)) return;
  // The two services call the list by different names.
  const { citationSources, citations } = camelled(candidate.citationMetadata);
  const list = citationSources ?? citations;
  if (Array.isArray(list)) append(sources.cited, list.filter(isObject));
}

type To = { events: Event[]; logprobs: TokenLogprob[]; raw: JsonObject };

function readPart(reading: Reading, part: JsonObject, to: To): void {
  const signature = readSeal(part);
  if (isObject(part.functionCall)) {
    readCall(reading, { wire: camelled(part.functionCall), signature }, to.events);
    return;
  }
  if (isObject(part.inlineData)) {
    const media = readMade(camelled(part.inlineData));
    if (signature !== undefined) media.signature = signature;
    endOpen(reading, to.events);
    const index = nextIndex(reading);
    to.events.push({ type: 'part-start', index, kind: 'media', media }, { type: 'part-end', index });
    return;
  }
  const isSpoken = typeof part.text === 'string' || signature !== undefined;
  const others = Object.keys(part).some((key) => !SPOKEN_FIELDS.has(key));
  if (isSpoken && (!others || typeof part.text === 'string')) speak(reading, { part, signature }, to);
  else if (others) {
    endOpen(reading, to.events);
    const index = nextIndex(reading);
    to.events.push(
      { type: 'part-start', index, kind: 'opaque', dialect: ID, value: to.raw },
      { type: 'part-end', index },
    );
  }
}

const SPOKEN_FIELDS = new Set(['text', 'thought', 'thoughtSignature']);

/** A signature closes its part: what follows is another. An empty text brings the signature of the part before it. */
function speak(
  reading: Reading,
  { part, signature }: { part: JsonObject; signature: Signature | undefined },
  { events, logprobs }: To,
): void {
  const kind = part.thought === true ? 'thinking' : 'text';
  const text = textOf(part.text);
  if (text === '' && signature === undefined) return;
  if (reading.spoken?.kind !== kind || reading.spoken.signature !== undefined) {
    endOpen(reading, events);
    reading.spoken = { index: nextIndex(reading), kind, text: '', signature: undefined };
    events.push({ type: 'part-start', index: reading.spoken.index, kind });
  }
  const { spoken } = reading;
  spoken.signature = signature;
  if (text === '') return;
  spoken.text += text;
  const delta: Event = { type: 'part-delta', index: spoken.index, delta: text };
  if (kind === 'text' && logprobs.length > 0) delta.logprobs = logprobs.splice(0);
  events.push(delta);
}

/** Most calls come whole; Vertex AI streams some, opened by a name and closed by a piece that goes on no further. */
function readCall(
  reading: Reading,
  { wire, signature }: { wire: JsonObject; signature: Signature | undefined },
  events: Event[],
): void {
  const name = textOf(wire.name);
  if (name !== '') {
    endOpen(reading, events);
    const index = nextIndex(reading);
    const id = textOf(wire.id) || inventId(reading.source, reading.calls);
    reading.calls += 1;
    reading.call = { index, args: openPartialArgs(wire.args), signature };
    events.push({ type: 'part-start', index, kind: 'tool-call', tool: { id, name } });
  }
  const { call } = reading;
  if (call === undefined) return;
  call.signature ??= signature;
  call.args.add(wire.partialArgs);
  if (wire.willContinue !== true) endCall(reading, events);
}

function endCall(reading: Reading, events: Event[]): void {
  const { call } = reading;
  if (call === undefined) return;
  reading.call = undefined;
  const { index, signature } = call;
  events.push({ type: 'part-delta', index, delta: call.args.text() });
  events.push(signature === undefined ? { type: 'part-end', index } : { type: 'part-end', index, signature });
}

function endOpen(reading: Reading, events: Event[]): void {
  endCall(reading, events);
  const { spoken } = reading;
  if (spoken === undefined) return;
  reading.spoken = undefined;
  const { index, signature } = spoken;
  events.push(signature === undefined ? { type: 'part-end', index } : { type: 'part-end', index, signature });
}

function nextIndex(reading: Reading): number {
  reading.parts += 1;
  return reading.parts - 1;
}

/** The end of the reply, and what is known only there: its sources, and that it is a refusal. */
export function finish(reading: Reading): Event[] {
  const events: Event[] = [];
  const { rawStop, blocked } = reading;
  cite(reading, events);
  endOpen(reading, events);
  const raw = rawStop === '' && blocked !== undefined ? rawOfBlock(blocked) : rawStop;
  const stop = raw === rawStop ? readStop(raw, reading.calls > 0) : 'refusal';
  if (stop === 'refusal' && reading.parts === 0) {
    const index = nextIndex(reading);
    events.push({ type: 'part-start', index, kind: 'refusal' });
    if (reading.message !== '') events.push({ type: 'part-delta', index, delta: reading.message });
    events.push({ type: 'part-end', index });
  }
  const uses = findUsage({
    usage: {},
    estimated: false,
    billing: { toolUses: readToolUses(reading.sources.grounding) },
  });
  if (uses !== undefined) events.push(uses);
  events.push(raw === '' ? { type: 'reply-end', stop } : { type: 'reply-end', stop, rawStop: raw });
  return events;
}

/** Sources come last and belong to the text that is still open; without one they get an empty text of their own. */
function cite(reading: Reading, events: Event[]): void {
  const isOpen = reading.spoken?.kind === 'text';
  const citations = readCitations(reading.sources, isOpen ? (reading.spoken?.text ?? '') : '');
  if (citations.length === 0) return;
  if (!isOpen) {
    endOpen(reading, events);
    reading.spoken = { index: nextIndex(reading), kind: 'text', text: '', signature: undefined };
    events.push({ type: 'part-start', index: reading.spoken.index, kind: 'text' });
  }
  const { spoken } = reading;
  if (spoken === undefined) return;
  reading.spoken = undefined;
  const end: Event = { type: 'part-end', index: spoken.index, citations };
  if (spoken.signature !== undefined) end.signature = spoken.signature;
  events.push(end);
}
