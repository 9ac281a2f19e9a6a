import { answers, aPrincipal, type FakeExchange } from '@app/testkit';
import { describe, expect, test } from 'vitest';
import { chat, messages, openTestJourney } from '../../test/open-test-journey.ts';
import { dataOf, openAiChunk, openAiReply, openAiStream } from '../../test/provider-texts.ts';

const [role = '', hello = '', ...rest] = openAiStream('Hello');

function begin(provider: FakeExchange): void {
  provider.head(200, { 'content-type': 'text/event-stream' });
  provider.chunk(role + hello);
}

describe('a caller that reads slowly', () => {
  test('makes the provider wait, and gets every byte once it reads again', () => {
    for (const asked of [chat({ stream: true }), messages({ stream: true })]) {
      const journey = openTestJourney();
      const caller = journey.call(asked);
      const provider = journey.provider.last();
      caller.fill();
      begin(provider);
      expect(provider.isPaused()).toBe(true);
      // What was on its way already still arrives, and must not be written to a full socket.
      for (const frame of rest) provider.chunk(frame);
      expect(caller.ending()).toBeUndefined();
      caller.drain();
      expect(caller.ending()).toBe('end');
      expect(caller.text()).toMatch(/Hello/);
      expect(caller.text()).toMatch(/(\[DONE\]|message_stop"\})\n\n$/);
    }
  });

  test('lets the provider go on when it has read', () => {
    const journey = openTestJourney();
    const caller = journey.call(chat({ stream: true }));
    caller.fill();
    begin(journey.provider.last());
    caller.drain();
    expect(journey.provider.last().isPaused()).toBe(false);
  });

  test('is not taken for a provider that stalls, and gets no heartbeat into a full socket', () => {
    const journey = openTestJourney();
    const caller = journey.call(chat({ stream: true }));
    const provider = journey.provider.last();
    caller.fill();
    begin(provider);
    journey.advance(300_000);
    expect(provider.isCancelled()).toBe(false);
    expect(caller.text()).not.toContain('ping');
    caller.drain();
    for (const frame of rest) provider.chunk(frame);
    expect(caller.ending()).toBe('end');
  });

  test('is left when the whole call takes too long', () => {
    const journey = openTestJourney();
    const caller = journey.call(chat({ stream: true }));
    caller.fill();
    begin(journey.provider.last());
    journey.advance(600_000);
    expect(journey.provider.last().isCancelled()).toBe(true);
    expect(journey.record()).toMatchObject({ errorCode: 'deadline_exceeded' });
    caller.drain();
    expect(caller.ending()).toBe('abort');
    expect(journey.pending()).toBe(0);
  });

  test('may leave between the record and the last byte, which changes nothing', () => {
    const journey = openTestJourney();
    const caller = journey.call(chat({ stream: true }));
    caller.fill();
    begin(journey.provider.last());
    for (const frame of rest) journey.provider.last().chunk(frame);
    caller.running.cancel();
    expect(journey.record()).toMatchObject({ status: 200, errorCode: undefined });
    caller.drain();
    expect(caller.ending()).toBeUndefined();
  });
});

describe('a caller that leaves', () => {
  test('before any byte came cancels the provider and is recorded as 499', () => {
    for (const asked of [chat(), chat({ stream: true })]) {
      const journey = openTestJourney();
      const caller = journey.call(asked);
      caller.running.cancel();
      expect(journey.provider.last().isCancelled()).toBe(true);
      expect(journey.record()).toMatchObject({
        status: 499,
        errorCode: 'client_closed_request',
        provider: 'openai',
        usage: { inputFresh: 7 },
        cost: { label: 'estimated' },
        attempts: [{ outcome: 'cancelled' }],
      });
      expect(caller.log).toEqual(['record']);
      expect(journey.pending()).toBe(0);
    }
  });

  test('in the middle of a stream leaves a record of what came until then, with usage estimated', () => {
    const journey = openTestJourney();
    const caller = journey.call(chat({ stream: true }));
    begin(journey.provider.last());
    journey.provider.last().chunk(openAiChunk({ content: ', you there' }));
    caller.running.cancel();
    expect(journey.record()).toMatchObject({
      status: 499,
      reply: { parts: [{ kind: 'text', text: 'Hello, you there' }] },
      usage: { inputFresh: 7, outputText: 4 },
      cost: { nanos: 15_000, label: 'estimated' },
    });
    expect(caller.ending()).toBeUndefined();
    expect(journey.pending()).toBe(0);
  });

  test('after the end changes nothing, and leaves the connection to the provider in use', () => {
    const journey = openTestJourney();
    const caller = journey.call(chat({ stream: true }));
    begin(journey.provider.last());
    for (const frame of rest) journey.provider.last().chunk(frame);
    caller.running.cancel();
    expect(journey.record().status).toBe(200);
    expect(journey.provider.last().isCancelled()).toBe(false);
    journey.provider.last().end();
    expect(journey.pending()).toBe(0);
  });
});

test('a bug in what a route adds ends the call, is reported, and leaves a record', () => {
  const decoration = {
    wholeFields: () => {
      throw new Error('a bug');
    },
  };
  const journey = openTestJourney({ answers: [answers(200, openAiReply())] });
  const caller = journey.call({ decoration });
  expect(caller.ending()).toBe('abort');
  expect(journey.defects).toHaveLength(1);
  expect(journey.records).toHaveLength(1);
});

test('several frames in one piece are one write', () => {
  const journey = openTestJourney();
  const caller = journey.call(chat({ stream: true }));
  const provider = journey.provider.last();
  provider.head(200, { 'content-type': 'text/event-stream' });
  provider.chunk(
    Buffer.from(role + hello + openAiChunk({ content: ' and ' }) + openAiChunk({ content: 'bye' })),
  );
  expect(caller.log).toEqual(['head 200', 'write']);
  expect(dataOf(caller.text())).toHaveLength(4);
});

test('usage that the provider never told is estimated, and the cost says so', () => {
  const silent = openAiReply('Eight characters and more', { usage: undefined });
  const journey = openTestJourney({ answers: [answers(200, silent)] });
  journey.call({ principal: aPrincipal({ capture: 'metadata' }) });
  expect(journey.record()).toMatchObject({
    usage: { inputFresh: 7, outputText: 7 },
    cost: { label: 'estimated' },
  });
});
