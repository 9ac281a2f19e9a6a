import { expect, test } from 'vitest';
import { createRandomPool } from './create-random-pool.ts';

test('every byte of the source is given once, in order, and the pool is filled anew when it is used up', () => {
  let counter = 0;
  const { bytes: random } = createRandomPool((pool) => {
    for (let at = 0; at < pool.length; at += 1) {
      counter += 1;
      pool[at] = counter;
    }
  }, 8);
  expect([...random(3)]).toEqual([1, 2, 3]);
  expect([...random(5)]).toEqual([4, 5, 6, 7, 8]);
  expect([...random(6)]).toEqual([9, 10, 11, 12, 13, 14]);
  // What is left is too little, so it is thrown away and never given in part.
  expect([...random(3)]).toEqual([17, 18, 19]);
});

test('bytes that were given do not change later', () => {
  let value = 0;
  const { bytes: random } = createRandomPool((pool) => {
    value += 1;
    pool.fill(value);
  }, 4);
  const first = random(4);
  random(4);
  expect([...first]).toEqual([1, 1, 1, 1]);
});

test('more than the pool holds is refused and not repeated', () => {
  expect(() => createRandomPool(() => {}, 4).bytes(5)).toThrow(RangeError);
});

test('hex digits are of the same bytes', () => {
  const { hex } = createRandomPool((pool) => pool.fill(0xab), 4);
  expect(hex(3)).toBe('ababab');
});
