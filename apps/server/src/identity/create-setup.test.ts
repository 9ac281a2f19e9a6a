import { expect, test } from 'vitest';
import { createSetup } from './create-setup.ts';

test('once somebody owns the installation, a stranger who asks costs no query', async () => {
  let owners = 0;
  let asked = 0;
  const setup = createSetup({
    setup: {
      insertSetupLink: async () => undefined,
      consumeSetupLink: async () => false,
      isSetupLinkOpen: async () => false,
      releaseSetupLink: async () => undefined,
    },
    tenants: {
      countOwners: async () => {
        asked += 1;
        return owners;
      },
      insertMembership: async () => true,
    },
    accounts: { create: async () => 'user_1' },
    organizationId: 'org_1',
    url: 'http://127.0.0.1:4000',
    randomBytes: (size) => new Uint8Array(size),
    nowMs: () => 0,
  });
  expect(await setup.isNeeded()).toBe(true);
  owners = 1;
  expect(await setup.isNeeded()).toBe(false);
  const before = asked;
  for (let count = 0; count < 10; count += 1) expect(await setup.isNeeded()).toBe(false);
  expect(asked).toBe(before);
});
