import type { AssistantPart } from './call.ts';
import type { Event } from './event.ts';
import type { Reply } from './reply.ts';

/** The events of a finished reply; `collect` of them is the reply again. */
export function explode(reply: Reply): Event[] {
  const events: Event[] = [{ type: 'reply-start', id: reply.id, model: reply.model }];
  for (const [index, part] of reply.parts.entries()) events.push(...explodePart(part, index));
  if (reply.usageEstimated) events.push({ type: 'usage', usage: reply.usage, estimated: true });
  else if (Object.keys(reply.usage).length > 0) events.push({ type: 'usage', usage: reply.usage });
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
      return filled({ type: 'part-start', index, kind: 'text' }, part.text);
    case 'thinking':
      return filled({ type: 'part-start', index, kind: 'thinking' }, part.text, part.signature);
    case 'tool-call': {
      const tool = { id: part.id, name: part.name };
      return filled({ type: 'part-start', index, kind: 'tool-call', tool }, part.input);
    }
    case 'opaque':
      return filled(
        { type: 'part-start', index, kind: 'opaque', dialect: part.dialect, value: part.value },
        '',
      );
  }
}

function filled(start: Event & { type: 'part-start' }, delta: string, signature?: string): Event[] {
  const { index } = start;
  const end: Event =
    signature === undefined ? { type: 'part-end', index } : { type: 'part-end', index, signature };
  return delta === '' ? [start, end] : [start, { type: 'part-delta', index, delta }, end];
}
