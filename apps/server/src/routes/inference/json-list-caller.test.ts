import type { Caller } from '@app/gateway';
import { expect, test } from 'vitest';
import { asJsonList } from './json-list-caller.ts';

type Heard = { types: (string | undefined)[]; text: string; isEnded: boolean };

function listen(): { heard: Heard; caller: Caller } {
  const heard: Heard = { types: [], text: '', isEnded: false };
  const caller: Caller = {
    head: (_status, headers) => heard.types.push(headers['content-type']),
    write: (bytes) => {
      heard.text += typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
      return true;
    },
    onDrain: () => {},
    end: () => {
      heard.isEnded = true;
    },
    abort: () => {},
  };
  return { heard, caller: asJsonList(caller) };
}

test('frames become the elements of one list, and a sign of life is white space', () => {
  const { heard, caller } = listen();
  caller.head(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  caller.write(': ping\n\n');
  caller.write('data: {"a":1}\n\ndata: {"b":"é"}\n\n');
  caller.write(': ping\n\n');
  for (const byte of Buffer.from('data: {"c":"👋"}\n\n')) caller.write(Uint8Array.of(byte));
  caller.end();
  expect(JSON.parse(heard.text)).toEqual([{ a: 1 }, { b: 'é' }, { c: '👋' }]);
  expect(heard).toMatchObject({ types: ['application/json; charset=utf-8'], isEnded: true });
});

test('a stream of nothing is an empty list', () => {
  const { heard, caller } = listen();
  caller.head(200, { 'content-type': 'text/event-stream' });
  caller.end();
  expect(JSON.parse(heard.text)).toEqual([]);
});

test('a reply that is no stream passes as it is', () => {
  const { heard, caller } = listen();
  caller.head(404, { 'content-type': 'application/json' });
  caller.write('{"error":{}}');
  caller.end();
  expect(heard).toEqual({ types: ['application/json'], text: '{"error":{}}', isEnded: true });
});
