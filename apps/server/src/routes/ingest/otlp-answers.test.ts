import { GatewayError } from '@app/protocol';
import { expect, test } from 'vitest';
import { otlpJsonAnswers, otlpProtobufAnswers } from './otlp-answers.ts';

const taken = { spans: 3, scores: 0, eventIds: [] };
const rejected = Array.from({ length: 300 }, (_, index) => ({ index, id: 'ab', reason: 'name is missing.' }));
const told =
  'Span 0 (ab): name is missing. Span 1 (ab): name is missing. Span 2 (ab): name is missing. And 297 more.';

test('a batch that was taken whole has no partial success in either format', () => {
  const whole = { ...taken, rejected: [] };
  expect(otlpJsonAnswers.taken(whole)).toMatchObject({ status: 200, body: '{}' });
  expect(otlpProtobufAnswers.taken(whole)).toMatchObject({ status: 200, body: Buffer.alloc(0) });
});

test('what was refused is counted and explained in JSON', () => {
  const { status, body } = otlpJsonAnswers.taken({ ...taken, rejected });
  expect(status).toBe(200);
  expect(JSON.parse(String(body))).toEqual({ partialSuccess: { rejectedSpans: '300', errorMessage: told } });
});

test('and in protobuf, byte for byte', () => {
  const { headers, body } = otlpProtobufAnswers.taken({ ...taken, rejected });
  expect(headers['content-type']).toBe('application/x-protobuf');
  // Field 1 of the message holds field 1, a number of two bytes, and field 2, a text.
  const inner = Buffer.concat([Buffer.from([0x08, 0xac, 0x02, 0x12, told.length]), Buffer.from(told)]);
  expect(body).toEqual(Buffer.concat([Buffer.from([0x0a, inner.length]), inner]));
});

test('an error says the same in both formats, and when to come back', () => {
  const error = new GatewayError('store_unavailable', 'No room.', { retryAfterS: 10 });
  const json = otlpJsonAnswers.refused(error, 'req_1');
  const protobuf = otlpProtobufAnswers.refused(error, 'req_1');
  for (const { status, headers } of [json, protobuf]) {
    expect(status).toBe(503);
    expect(headers).toMatchObject({ 'retry-after': '10', 'x-request-id': 'req_1' });
  }
  expect(JSON.parse(String(json.body))).toMatchObject({
    ...{ code: 14, message: 'No room.' },
    details: [{ reason: 'store_unavailable', metadata: { request_id: 'req_1' } }],
  });
  const start = Buffer.concat([
    Buffer.from([0x08, 14, 0x12, 8]),
    Buffer.from('No room.'),
    Buffer.from([0x1a]),
  ]);
  expect(Buffer.from(protobuf.body).subarray(0, start.length)).toEqual(start);
  expect(String(protobuf.body)).toContain('store_unavailable');
});
