import { expect, test } from 'vitest';
import { resolveContents } from './resolve-contents.ts';

const digest = 'A1_-'.repeat(11).slice(0, 43);

test('nothing captured is null', () => {
  expect(resolveContents('', new Map())).toBeNull();
});

test("a caller's own key that looks like ours gets its name back and is not resolved", () => {
  const text = `{"$$content":"${digest}","a":{"$$$content":1},"b":"\\"$$content\\": x"}`;
  expect(resolveContents(text, new Map([[digest, '1']]))).toEqual({
    $content: digest,
    a: { $$content: 1 },
    b: '"$$content": x',
  });
});

test('a placeholder inside a content is text of the caller and stays', () => {
  const inner = `{"$content":"${digest}"}`;
  expect(resolveContents(`[{"$content":"${digest}"}]`, new Map([[digest, inner]]))).toEqual([
    { $content: digest },
  ]);
});
