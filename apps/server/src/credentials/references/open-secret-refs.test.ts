import { Secret } from '@app/providers';
import { expect, test } from 'vitest';
import { SecretRefEntries } from '../../config/secret-ref-fields.ts';
import { openSecretRefs } from './open-secret-refs.ts';
import { ReferenceFailure } from './reference-failure.ts';

const refs = SecretRefEntries.parse({
  vault: { file: '/run/a', providers: ['openai'], organizations: ['org_a'] },
  private: { file: '/run/b' },
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function openLab() {
  const planned: { delayMs: number; run: () => void }[] = [];
  const warnings: string[] = [];
  const lab = { value: 'sk-one', fails: false, nowMs: 0, planned, warnings };
  const opened = await openSecretRefs({
    refs,
    read: async () => {
      if (lab.fails) throw new ReferenceFailure('HashiCorp Vault is sealed or in maintenance (503).');
      return new Secret(lab.value);
    },
    refreshMs: 300_000,
    schedule: (delayMs, run) => {
      const plan = { delayMs, run };
      planned.push(plan);
      return () => void planned.splice(planned.indexOf(plan), 1);
    },
    random: () => 0.5,
    nowMs: () => lab.nowMs,
    onWarning: (message) => warnings.push(message),
  });
  const refresh = async () => {
    for (const { run } of planned.splice(0)) run();
    await settled();
    await settled();
  };
  return { lab, opened, refresh };
}

test('a value is there from the start, is read again, and is the same object as long as its text is', async () => {
  const { lab, opened, refresh } = await openLab();
  const first = opened.find('vault')?.secret;
  expect(first?.reveal()).toBe('sk-one');
  expect(lab.planned.map(({ delayMs }) => delayMs)).toEqual([300_000, 300_000]);
  await refresh();
  expect(opened.find('vault')?.secret).toBe(first);
  lab.value = 'sk-two';
  await refresh();
  expect(opened.find('vault')).toMatchObject({ problem: undefined });
  expect(opened.find('vault')?.secret?.reveal()).toBe('sk-two');
});

test('a place that fails leaves the last good value, says how old it is, and warns once', async () => {
  const { lab, opened, refresh } = await openLab();
  lab.fails = true;
  await refresh();
  await refresh();
  lab.nowMs = 600_000;
  expect(opened.find('vault')?.secret?.reveal()).toBe('sk-one');
  expect(opened.find('vault')?.problem).toBe(
    'HashiCorp Vault is sealed or in maintenance (503). The value of 10 min ago is used.',
  );
  expect(lab.warnings.filter((warning) => warning.includes('"vault"'))).toHaveLength(1);
  lab.fails = false;
  await refresh();
  expect(opened.find('vault')?.problem).toBeUndefined();
});

test('only listed names exist, and over the API only for the providers and organizations that they name', async () => {
  const { opened } = await openLab();
  expect(opened.find('toString')).toBeUndefined();
  const may = (name: string, providerId: string, organizationId: string) =>
    opened.mayStore(name, { providerId, organizationId });
  expect(may('vault', 'openai', 'org_a')).toBe(true);
  expect(may('vault', 'openrouter', 'org_a')).toBe(false);
  expect(may('vault', 'openai', 'org_b')).toBe(false);
  expect(may('private', 'openai', 'org_a')).toBe(false);
  expect(may('none', 'openai', 'org_a')).toBe(false);
});

test('after its end nothing is read any more', async () => {
  const { lab, opened } = await openLab();
  opened.close();
  expect(lab.planned).toEqual([]);
});
