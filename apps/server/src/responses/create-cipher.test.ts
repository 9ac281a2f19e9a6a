import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCipher } from './create-cipher.ts';

const owner = { projectId: 'proj_a', mode: 'live' } as const;

test('what is sealed opens under its own names alone', () => {
  const cipher = createCipher(randomBytes(32));
  const sealing = { owner, kind: 'response', id: 'resp_1' } as const;
  const sealed = cipher.seal(sealing, JSON.stringify({ said: 'ü' }));
  expect(cipher.open(sealing, sealed)).toEqual({ said: 'ü' });
  expect(sealed.includes('said')).toBe(false);
  const others = [
    { ...sealing, id: 'resp_2' },
    { ...sealing, kind: 'conversation' as const },
    { ...sealing, owner: { ...owner, mode: 'test' as const } },
    { ...sealing, owner: { ...owner, projectId: 'proj_b' } },
  ];
  for (const other of others) expect(cipher.open(other, sealed)).toBeUndefined();
  expect(createCipher(randomBytes(32)).open(sealing, sealed)).toBeUndefined();
});
