import { createFakeCaller } from '@app/testkit';
import { expect, test } from 'vitest';
import { openOutlet } from './outlet.ts';

test('nothing that was said while it was held reaches the caller before it is released, and then all of it in order', () => {
  const caller = createFakeCaller();
  const outlet = openOutlet(caller.caller);
  outlet.hold();
  outlet.head(200, { 'content-type': 'text/plain' });
  outlet.write('one ');
  outlet.write('two');
  outlet.finish('end');
  expect(caller.log).toEqual([]);
  outlet.release();
  expect(caller.status()).toBe(200);
  expect(caller.text()).toBe('one two');
  expect(caller.ending()).toBe('end');
});

test('a caller that left while it was held gets nothing', () => {
  const caller = createFakeCaller();
  const outlet = openOutlet(caller.caller);
  outlet.hold();
  outlet.head(200, {});
  outlet.write('late');
  outlet.finish('end');
  outlet.drop();
  outlet.release();
  expect(caller.log).toEqual([]);
});
