import { append } from './append.ts';
import type { AssistantPart } from './call.ts';
import type { Event, PartStart } from './event.ts';
import type { Reply } from './reply.ts';
import { billingOf } from './tell-usage.ts';

/** A reply as it grows. `reply` gives what came so far, and may be asked at any time. */
export type Collector = { add(event: Event): void; reply(): Reply };

/** Folds events into the reply they carry. Throws the stream's own error when it failed. */
export function collect(events: Iterable<Event>): Reply {
  const collector = openCollector();
  for (const event of events) {
    if (event.type === 'error') throw event.error;
    collector.add(event);
  }
  return collector.reply();
}

/**
 * Collects one reply event by event; errors are left to whoever watches the stream. A reply without its end has the
 * stop reason `other`.
 */
export function openCollector(): Collector {
  const reply: Reply = { id: '', model: '', parts: [], stop: 'other', usage: {} };
  const parts = new Map<number, AssistantPart>();
  return {
    add(event) {
      switch (event.type) {
        case 'part-delta':
          return grow(parts.get(event.index), event);
        case 'part-start': {
          const part = openPart(event);
          parts.set(event.index, part);
          reply.parts.push(part);
          return;
        }
        case 'part-end': {
          const part = parts.get(event.index);
          if (part !== undefined) close(part, event);
          return;
        }
        default:
          return addWhole(reply, event);
      }
    },
    reply: () => ({ ...reply, parts: reply.parts.map((part) => ({ ...part })), usage: { ...reply.usage } }),
  };
}

/** The engine keeps a grown string as a rope and joins it when it is first read, so a delta costs no copy. */
function grow(part: AssistantPart | undefined, { delta, logprobs }: Event & { type: 'part-delta' }): void {
  if (part === undefined || part.kind === 'opaque' || part.kind === 'media') return;
  if (part.kind === 'tool-call') part.input += delta;
  else part.text += delta;
  if (part.kind === 'text' && logprobs !== undefined) {
    part.logprobs ??= [];
    append(part.logprobs, logprobs);
  }
}

function close(part: AssistantPart, { signature, citations }: Event & { type: 'part-end' }): void {
  if (signature !== undefined && part.kind !== 'opaque' && part.kind !== 'refusal')
    part.signature = signature;
  if (citations !== undefined && part.kind === 'text') part.citations = citations;
}

function openPart(event: PartStart): AssistantPart {
  switch (event.kind) {
    case 'tool-call':
      return { kind: 'tool-call', id: event.tool.id, name: event.tool.name, input: '' };
    case 'opaque':
      return { kind: 'opaque', dialect: event.dialect, value: event.value };
    case 'media':
      return { ...event.media };
    default:
      return { kind: event.kind, text: '' };
  }
}

function addWhole(reply: Reply, event: Event): void {
  if (event.type === 'reply-start') {
    reply.id = event.id;
    reply.model = event.model;
  } else if (event.type === 'usage') {
    reply.usage = { ...reply.usage, ...event.usage };
    if (event.estimated) reply.usageEstimated = true;
    Object.assign(reply, billingOf(event));
  } else if (event.type === 'reply-end') {
    reply.stop = event.stop;
    if (event.rawStop !== undefined) reply.rawStop = event.rawStop;
    if (event.stopSequence !== undefined) reply.stopSequence = event.stopSequence;
  }
}
