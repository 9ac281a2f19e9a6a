import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  DAY_MS,
  keyFact,
  NOW_MS,
  personFact,
  plantedFaults,
  readSound,
  soundFacts,
} from '../../test/planted-faults.ts';
import { readConfig } from '../config/read-config.ts';
import type { Variables } from '../config/resolve-references.ts';
import type { Config } from '../config.ts';
import type { CheckName } from './check-names.ts';
import { checkNames } from './check-names.ts';
import { checks, diagnose, listStopping } from './checks.ts';
import type { Facts } from './facts.ts';

const named = (facts: Facts): string[] =>
  diagnose(facts).findings.map(({ check, severity }) => `${severity} ${check}`);

test('a sound production deployment has no finding, and everything was looked at', () => {
  const { findings, skipped, passed } = diagnose(soundFacts());
  expect(findings).toEqual([]);
  expect(skipped).toEqual([]);
  expect(passed.map(({ check }) => check)).toEqual(checks.map(({ name }) => name));
});

test('every check has a name of its own, and every name a check', () => {
  expect(checks.map(({ name }) => name).toSorted()).toEqual([...checkNames].toSorted());
});

test('a fault is planted for every check', () => {
  const planted = new Set(plantedFaults.map(([check]) => check));
  expect(checkNames.filter((name) => !planted.has(name))).toEqual([]);
});

test.each(plantedFaults)('%s finds it where %s', (check, _fault, [severity, changed]) => {
  const found = diagnose(soundFacts(changed)).findings.filter((finding) => finding.check === check);
  expect(found[0]?.severity).toBe(severity);
  for (const { what, why, remedy } of found) {
    for (const sentence of [what, why]) expect(sentence).toMatch(/\.$/);
    expect(remedy.length).toBeGreaterThan(10);
  }
});

test('all that is not in the settings is found in one deployment as well', () => {
  const planted = plantedFaults.filter(([, , [, changed]]) => changed.config === undefined);
  const all = <Name extends keyof Facts>(name: Name) =>
    planted.flatMap(([, , [, changed]]) => (changed[name] === undefined ? [] : [changed[name]]));
  const runtime = all('runtime').reduce<Facts['runtime']>((sum, one) => merge(sum, one), undefined);
  const bad = Object.assign({}, ...planted.map(([, , [, changed]]) => changed), {
    runtime,
    keys: all('keys').flat(),
    files: all('files').flat(),
    alerting: all('alerting').flat(),
    people: all('people').flat(),
    masterKey: { from: 'file', path: 'data/master.key', isInsideData: true, isWeak: true },
  });
  const found = new Set(diagnose(soundFacts(bad)).findings.map(({ check }) => check));
  // One of several owners is no single one.
  const expected = new Set(planted.map(([check]) => check).filter((check) => check !== 'single-owner'));
  expect([...expected].filter((check) => !found.has(check))).toEqual([]);
});

function merge(sum: Facts['runtime'], one: Facts['runtime']): Facts['runtime'] {
  if (sum === undefined || one === undefined) return sum ?? one;
  return {
    nodeVersion: one.nodeVersion,
    uid: 0,
    options: [...sum.options, ...one.options],
    variables: { ...sum.variables, ...one.variables },
    dumpsMemory: sum.dumpsMemory || one.dumpsMemory,
    swap: [...sum.swap, ...one.swap],
  };
}

test('no finding shows a secret', () => {
  const told = plantedFaults.flatMap(([, , [, changed]]) => diagnose(soundFacts(changed)).findings);
  expect(JSON.stringify(told)).not.toMatch(/canary/);
  expect(
    plantedFaults.some(([, , [, changed]]) => JSON.stringify(changed.config ?? {}).includes('canary')),
  ).toBe(true);
});

test('in development nothing but what is dangerous anywhere is critical', () => {
  const laptop = (changed: Partial<Facts>) => {
    const config = changed.config ?? soundFacts().config;
    return soundFacts({ ...changed, config: { ...config, mode: 'development' } });
  };
  const critical = plantedFaults.flatMap(([, , [, changed]]) =>
    diagnose(laptop(changed)).findings.filter(({ severity }) => severity === 'critical'),
  );
  expect(new Set(critical.map(({ check }) => check))).toEqual(
    new Set(['tls-certificate', 'public-store', 'audit-chain']),
  );
});

test('what could not be read is not judged, and is said to be left out', () => {
  const { findings, skipped } = diagnose(
    soundFacts({
      ...{ keys: undefined, hasOwner: undefined, people: undefined, projectsWithoutBudget: undefined },
      ...{ alerting: undefined, serverCount: undefined, audit: undefined, runtime: undefined },
      whyNoStore: 'PostgreSQL could not be asked.',
    }),
  );
  expect(findings).toEqual([]);
  expect(skipped.map(({ check }) => check)).toEqual(
    checks.filter(({ needs = [] }) => needs.length > 0).map(({ name }) => name),
  );
  expect(skipped[0]?.reason).toBe('PostgreSQL could not be asked.');
});

const accepting = (yaml: string, extra: Variables = {}): Config =>
  readSound({ HOST: '0.0.0.0', TOKENROUTER_PUBLIC_URL: 'http://llm.example.com', ...extra }, yaml);

test('an accepted finding is shown and stops nothing; one whose time is over counts again', () => {
  const stopping = (yaml: string, nowMs = NOW_MS) =>
    listStopping(diagnose(soundFacts({ config: accepting(yaml), nowMs }))).map(({ check }) => check);
  expect(stopping('')).toEqual(['plain-http']);
  const accepted = 'accepted_findings:\n  - {check: plain-http, reason: a lab, until: 2026-11-22}\n';
  expect(stopping(accepted)).toEqual([]);
  expect(stopping(accepted, NOW_MS + DAY_MS)).toEqual(['plain-http']);
  const shown = diagnose(soundFacts({ config: accepting(accepted) })).findings;
  expect(shown).toContainEqual(expect.objectContaining({ check: 'plain-http', accepted: true }));
  expect(named(soundFacts({ config: accepting(accepted), nowMs: NOW_MS + DAY_MS }))).toContain(
    'notice accepted-findings',
  );
});

test.each([
  ['a name that is no check', '{check: plain-htp, reason: r}', 'is no check'],
  ['no reason', '{check: plain-http, reason: ""}', 'is empty'],
  ['a day that is none', '{check: plain-http, reason: r, until: soon}', 'must be a day'],
])('an acceptance with %s is refused', (_name, entry, sentence) => {
  expect(() => accepting(`accepted_findings: [${entry}]\n`)).toThrow(sentence);
});

test('what to do with an old or unused key is one command, which names its project where it is not the first', () => {
  const old = { ...keyFact, createdAtMs: NOW_MS - 91 * DAY_MS, lastUsedAtMs: undefined };
  const remedies = (project?: string) =>
    diagnose(soundFacts({ keys: [{ ...old, ...(project !== undefined && { project }) }] }))
      .findings.filter(({ check }) => ['old-keys', 'unused-keys'].includes(check))
      .map(({ remedy }) => remedy);
  expect(remedies()).toEqual([
    expect.stringMatching(/^tokenrouter keys rotate key_\w+, /),
    expect.stringMatching(/^tokenrouter keys revoke key_\w+$/),
  ]);
  expect(remedies('proj_2')[1]).toMatch(/ --project proj_2$/);
});

test('a hundred old keys are told in a few findings', () => {
  const keys = Array.from({ length: 100 }, () => ({ ...keyFact, createdAtMs: NOW_MS - 91 * DAY_MS }));
  const told = diagnose(soundFacts({ keys })).findings.filter(({ check }) => check === 'old-keys');
  expect(told).toHaveLength(6);
  expect(told.at(-1)?.what).toContain('95 more');
});

test.each<[string, Partial<Facts>]>([
  [
    'TLS of our own',
    { config: readSound({ HOST: '0.0.0.0', TOKENROUTER_TLS_CERT_FILE: 'c', TOKENROUTER_TLS_KEY_FILE: 'k' }) },
  ],
  [
    'an owner whose provider asks for two factors',
    {
      people: [personFact],
      config: readSound(
        {},
        'sign_in: {password: false, providers: [{id: okta, kind: github, client_id: c, client_secret: "${SECRET}", two_factor: true}]}\n',
      ),
    },
  ],
  [
    'an organization that asks everybody for two factors',
    { people: [{ ...personFact, twoFactorRequired: true }] },
  ],
  [
    'a remote PostgreSQL that says nothing of TLS, as it is verified then',
    { config: readSound({ DATABASE_URL: 'postgres://u:a-long-password@db.internal/x' }) },
  ],
  [
    'a secret that is mounted for a group',
    { files: [{ path: '/run/secrets/x', mode: 0o440, uid: 0, holds: 'a secret', isMounted: true }] },
  ],
  [
    'one owner more',
    {
      people: [personFact, { ...personFact, email: 'b@example.com' }].map((each) => ({
        ...each,
        hasTwoFactor: true,
      })),
    },
  ],
])('%s is sound', (_name, changed) => {
  expect(named(soundFacts(changed))).toEqual([]);
});

test('the security checklist of the docs names every check, and no other', () => {
  const page = readFileSync(new URL('../../../../docs/security-checklist.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(checks.map(({ name }): CheckName => name));
});

test('the example of the production page is sound', () => {
  const page = readFileSync(new URL('../../../../docs/production.md', import.meta.url), 'utf8');
  const blockOf = (language: string) =>
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
  const variables = Object.fromEntries(
    blockOf('ini')
      .split('\n')
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(Object.keys(variables)).toContain('TOKENROUTER_PUBLIC_URL');
  const config = readConfig({ ...variables, TOKENROUTER_CONFIG: 'tokenrouter.yaml' }, () => blockOf('yaml'));
  expect(config.mode).toBe('production');
  expect(named(soundFacts({ config }))).toEqual([]);
});

test('the hardening page names every check, and no other', () => {
  const page = readFileSync(new URL('../../../../docs/hardening.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/Checks?:([^.]*)\./g)].flatMap(([, list = '']) =>
    [...list.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  );
  expect(new Set(named)).toEqual(new Set(checkNames));
});
