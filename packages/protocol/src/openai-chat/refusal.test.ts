import { expect, test } from 'vitest';
import { collect, dialects, explode, type Reply } from '../index.ts';

const { inbound, outbound } = dialects['openai-chat'];
const refusal: Reply = {
  id: 'x',
  model: 'm',
  parts: [{ kind: 'refusal', text: 'I will not.' }],
  stop: 'refusal',
  rawStop: 'stop',
  usage: {},
};

test('a refusal is a field of its own, whole and streamed', () => {
  expect(inbound.writeReply(refusal).choices).toMatchObject([
    { message: { content: null, refusal: 'I will not.' }, finish_reason: 'stop' },
  ]);
  const call = inbound.readCall({ messages: [{ role: 'user', content: 'x' }], stream: true });
  const writer = inbound.openWriter(call);
  const frames = [...explode(refusal).flatMap((event) => writer.write(event)), ...writer.end()];
  expect(frames.some(({ data }) => data.includes('"refusal":"I will not."'))).toBe(true);
  const reader = outbound.openReader();
  expect(collect(frames.flatMap((frame) => reader.read(frame)))).toEqual(refusal);
});

test('a refusal reaches a caller of Messages as text with the stop reason of one', () => {
  expect(dialects['anthropic-messages'].inbound.writeReply(refusal)).toMatchObject({
    content: [{ type: 'text', text: 'I will not.' }],
    stop_reason: 'refusal',
  });
});
