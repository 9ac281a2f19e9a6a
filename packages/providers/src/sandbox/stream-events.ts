import type { Event } from '@app/protocol';
import type { MeasuredReply } from './measure-reply.ts';

/** The events of a reply as a provider streams it: small deltas, the input's tokens at the start, all of them at the end. */
export function* streamEvents({ reply, pieces }: MeasuredReply): Generator<Event> {
  yield { type: 'reply-start', id: reply.id, model: reply.model };
  const { inputFresh } = reply.usage;
  if (inputFresh !== undefined) yield { type: 'usage', usage: { inputFresh } };
  for (const [index, part] of reply.parts.entries()) {
    if (part.kind === 'opaque' || part.kind === 'media') continue;
    if (part.kind === 'tool-call') {
      yield { type: 'part-start', index, kind: 'tool-call', tool: { id: part.id, name: part.name } };
    } else {
      yield { type: 'part-start', index, kind: part.kind };
    }
    for (const delta of pieces[index] ?? []) yield { type: 'part-delta', index, delta };
    const signature = 'signature' in part ? part.signature : undefined;
    yield signature === undefined ? { type: 'part-end', index } : { type: 'part-end', index, signature };
  }
  yield { type: 'usage', usage: reply.usage };
  yield {
    type: 'reply-end',
    stop: reply.stop,
    ...(reply.stopSequence === undefined ? {} : { stopSequence: reply.stopSequence }),
  };
}
