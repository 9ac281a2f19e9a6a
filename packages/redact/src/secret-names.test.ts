import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAYBE, SECRET, secrecyOf } from './secret-names.ts';

test('every name that the patterns name is one, with whatever goes before it', () => {
  const named = fc.stringMatching(SECRET).filter((name) => name.length <= 64);
  fc.assert(
    fc.property(named, (name) => secrecyOf(name) === 'surely'),
    { numRuns: 3000 },
  );
  const maybe = fc.stringMatching(MAYBE).filter((name) => name.length <= 64);
  fc.assert(
    fc.property(maybe, (name) => secrecyOf(name) !== undefined || name.includes('_token')),
    {
      numRuns: 300,
    },
  );
});

test.each(['API-Key', 'apiKey', 'x-api-key', 'PASSWORD', 'Contraseña', 'Set-Cookie', 'cvv2'])(
  '%s is the name of a secret',
  (name) => expect(secrecyOf(name)).toBe('surely'),
);

test.each(['fe80', 'message', 'total_tokens_', 'keyboard'])('%s is none', (name) =>
  expect(secrecyOf(name)).toBeUndefined(),
);
