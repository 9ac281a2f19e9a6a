import { Slug } from '@app/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slugOf } from './slug-of.ts';

test.each([
  ['Acme', 'acme'],
  ['  Zoë & Söhne, GmbH  ', 'zoe-sohne-gmbh'],
  ['日本', 'project'],
  ['--', 'project'],
  ['a'.repeat(60), 'a'.repeat(40)],
])('%s stands in addresses as %s', (name, slug) => {
  expect(slugOf(name, 'project')).toBe(slug);
});

test('whatever a name is, its slug is one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
      expect(Slug.safeParse(slugOf(name, 'project')).success).toBe(true);
      expect(Slug.safeParse(`${slugOf(name, 'project')}-abc123`).success).toBe(true);
    }),
    { seed: 11, numRuns: 500 },
  );
});
