import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteText } from './quote-sql.ts';
import { writeComposite } from './write-composite.ts';

test.each([
  ['[]', '[]'],
  ['[1, -2.5,NULL]', "['1','-2.5',NULL]"],
  ["['it\\'s','a''b']", "['it\\'s','a\\'b']"],
  ["('a',[true])", "tuple('a',['true'])"],
  ["{'k':1,'l':{'m':[]}}", "map('k','1','l',map('m',[]))"],
  ["['\\\\N','\\t']", "['\\\\N','\t']"],
])('%s becomes %s', (text, expected) => {
  expect(writeComposite(text)).toBe(expected);
});

test.each(['[', '[1', "['a]", '[1,]', '{1}', '(1))', '[1] OR 1', "['a' 'b']", '', '['.repeat(100)])(
  '%s is refused',
  (text) => {
    expect(() => writeComposite(text)).toThrow(/malformed/);
  },
);

test('whatever it is given, outside of quoted texts there are only brackets, commas, NULL, tuple and map', () => {
  const texts = fc.array(
    fc.constantFrom('[', ']', '(', ')', '{', '}', "'", '\\', ',', ':', 'a', ';', '1', ' ', '\n', '--'),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(texts, (parts) => {
      let written: string;
      try {
        written = writeComposite(`['x',${parts.join('')}]`);
      } catch {
        return;
      }
      const outside = written.replace(/'(?:[^'\\]|\\.)*'/gs, '');
      expect(outside).toMatch(/^(?:[[\](),]|NULL|tuple|map)*$/);
    }),
    { seed: 13, numRuns: 5_000 },
  );
});

test('a quoted text is one SQL literal, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(quoteText(text)).toMatch(/^'(?:[^'\\]|\\.)*'$/s);
    }),
    { seed: 17 },
  );
});
