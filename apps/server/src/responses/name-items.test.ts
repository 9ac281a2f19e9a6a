import { expect, test } from 'vitest';
import { isReference, nameItems, showItem } from './name-items.ts';

let count = 0;
const newId = (prefix: string) => {
  count += 1;
  return `${prefix}${count}`;
};

test('every item of an input has a name: its own, or one of its kind', () => {
  const items = nameItems(
    [
      { role: 'user', content: 'Hi' },
      { type: 'message', role: 'user', content: [], id: 'msg_own' },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: '1' },
      { type: 'message', role: 'user', content: '', id: "'; drop table --" },
      7,
    ],
    newId,
  );
  expect(items?.map(({ id }) => id.replace(/\d+$/, 'N'))).toEqual([
    'msg_N',
    'msg_own',
    'fc_N',
    'fco_N',
    'msg_N',
    'msg_N',
  ]);
  expect(nameItems({ no: 'list' }, newId)).toBeUndefined();
});

test('what is sent on is what the caller wrote; names are shown in lists alone', () => {
  const [text] = nameItems('Hi', newId) ?? [];
  expect(text?.item).toEqual({ type: 'message', role: 'user', content: 'Hi' });
  expect(showItem(text ?? { id: '', item: null })).toEqual({
    type: 'message',
    id: text?.id,
    status: 'completed',
    role: 'user',
    content: [{ type: 'input_text', text: 'Hi' }],
  });
});

test('a name alone refers to an item, with and without its type', () => {
  expect(isReference({ type: 'item_reference', id: 'msg_1' })).toBe(true);
  expect(isReference({ id: 'msg_1' })).toBe(true);
  expect(isReference({ id: 'msg_1', role: 'user', content: '' })).toBe(false);
  expect(isReference({ type: 'item_reference' })).toBe(false);
});
