import { GatewayError } from '@app/protocol';
import { expect, test } from 'vitest';
import { readBatchLines } from './batch-lines.ts';
import { createOwnObjects } from './own-objects.ts';

const own = createOwnObjects({ registry: { findFiles: async () => [] } });
const read = (text: string) => {
  const { bytes, named } = readBatchLines(Buffer.from(text), own);
  return { text: bytes.toString('utf8'), named };
};

test('a file of calls that name nothing goes on byte for byte', () => {
  const text = '{"custom_id": "1",  "body": {"messages": [], "seed": 12345678901234567890}}\r\nnot json\n';
  expect(read(text)).toEqual({ text, named: undefined });
});

test('what calls name is found in every line, and sent as it was understood', () => {
  const lines = ['{"body":{"file_id":"f1"}}', '{"a": 1}', '{"file_ids":["f3"],"file_ids":["f4"]}'];
  expect(read(lines.join('\n'))).toEqual({
    text: '{"body":{"file_id":"f1"}}\n{"a": 1}\n{"file_ids":["f4"]}',
    named: { files: ['f1', 'f4'], shared: undefined },
  });
  expect(read('{"file\\u005fid":"f5"}').named?.files).toEqual(['f5']);
  expect(read('\uFEFF{"body":{"previous_response_id":"resp_1"}}').named?.shared).toBe('previous_response_id');
  expect(read('{"body":{"input":[ {"id" : "msg_1" } ]}}').named?.shared).toBe('input');
});

test.each([
  ['a line that only others can read', '{"file_id": "f2"'],
  ['two lines in one', '{"a":1}\r{"file_id":"f2"}'],
  ['another encoding', '{\0"\0f\0'],
])('%s is refused', (_, text) => {
  expect(() => read(text)).toThrow(GatewayError);
});

test('thirty megabytes of half-open objects are read in no time', () => {
  const text = '{"id":"'.repeat(4_000_000);
  const startedAt = performance.now();
  read(text);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
