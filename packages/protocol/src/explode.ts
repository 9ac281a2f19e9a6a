import type { AssistantPart, Citation, TokenLogprob } from './call.ts';
import type { Event } from './event.ts';
import type { Reply } from './reply.ts';
import type { Signature } from './signature.ts';
import { findUsage } from './tell-usage.ts';

/** The events of a finished reply; `collect` of them is the reply again. */
export function explode(reply: Reply): Event[] {
  const events: Event[] = [{ type: 'reply-start', id: reply.id, model: reply.model }];
  for (const [index, part] of reply.parts.entries()) events.push(...explodePart(part, index));
  const { usage, usageEstimated } = reply;
  const told = findUsage({ usage, estimated: usageEstimated === true, billing: reply });
  if (told !== undefined) events.push(told);
  const end: Event = { type: 'reply-end', stop: reply.stop };
  if (reply.rawStop !== undefined) end.rawStop = reply.rawStop;
  if (reply.stopSequence !== undefined) end.stopSequence = reply.stopSequence;
  events.push(end);
  return events;
}

/** One part, opened, filled and closed. */
export function explodePart(part: AssistantPart, index: number): Event[] {
  switch (part.kind) {
    case 'text':
    case 'thinking':
    case 'refusal':
      return filled({ type: 'part-start', index, kind: part.kind }, part.text, part);
    case 'tool-call': {
      const tool = { id: part.id, name: part.name };
      return filled({ type: 'part-start', index, kind: 'tool-call', tool }, part.input, part);
    }
    case 'media':
      return [
        { type: 'part-start', index, kind: 'media', media: part },
        { type: 'part-end', index },
      ];
    case 'opaque':
      return [
        { type: 'part-start', index, kind: 'opaque', dialect: part.dialect, value: part.value },
        { type: 'part-end', index },
      ];
  }
}

type Extras = { kind: string; signature?: Signature; citations?: Citation[]; logprobs?: TokenLogprob[] };

function filled(start: Event & { type: 'part-start' }, text: string, extras: Extras): Event[] {
  const { index } = start;
  const { signature, citations, logprobs } = extras;
  const delta: Event = { type: 'part-delta', index, delta: text };
  if (logprobs !== undefined) delta.logprobs = logprobs;
  const end: Event = { type: 'part-end', index };
  if (signature !== undefined) end.signature = signature;
  if (citations !== undefined) end.citations = citations;
  return text === '' && logprobs === undefined ? [start, end] : [start, delta, end];
}
