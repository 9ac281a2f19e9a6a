import type { LimitFacts, Principal } from '@app/gateway';
import type { ChangedLimit } from '@app/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLimitIndex, type LimitIndex } from './create-limit-index.ts';

const principal: Principal = {
  keyId: 'key_1',
  organizationId: 'org_1',
  projectId: 'proj_1',
  kind: 'gateway',
  mode: 'live',
  environment: 'production',
  permissions: new Set(['inference:call']),
  expiresAtMs: undefined,
  requestsPerMinuteMax: 600,
  concurrencyMax: 64,
  capture: 'full',
};
const nobody: LimitFacts = { userId: undefined, tags: [] };

let made = 0;
function change(changes: Partial<ChangedLimit>): ChangedLimit {
  made += 1;
  return {
    id: `lim_${made}`,
    organizationId: 'org_1',
    projectId: 'proj_1',
    name: 'limit',
    scope: { kind: 'project', id: 'proj_1' },
    measure: 'requests',
    period: 'day',
    max: 10,
    enforcement: 'enforce',
    source: 'api',
    budget: undefined,
    createdAtMs: 0,
    createdBy: undefined,
    zone: 'UTC',
    sequence: made,
    isDeleted: false,
    extra: undefined,
    ...changes,
  };
}

function open(...changes: ChangedLimit[]): LimitIndex {
  const index = createLimitIndex();
  for (const each of changes) index.apply(each);
  return index;
}

function found(index: LimitIndex, facts: Partial<LimitFacts> = {}, by: Partial<Principal> = {}): string[] {
  return index
    .findLimits({ ...principal, ...by }, { ...nobody, ...facts })
    .map(({ limit, subject }) => (subject === '' ? limit.id : `${limit.id} ${subject}`))
    .toSorted();
}

describe('limits that apply to a call', () => {
  test('the most specific and all above it apply', () => {
    const scopes = [
      { kind: 'organization', id: 'org_1' },
      { kind: 'project', id: 'proj_1' },
      { kind: 'key', id: 'key_1' },
      { kind: 'user', id: 'ann' },
      { kind: 'tag', id: 'batch' },
      { kind: 'model', id: 'openai/small' },
      { kind: 'model', id: 'small' },
    ] as const;
    const whole = scopes.map((scope) => change({ projectId: undefined, scope }));
    const own = scopes.slice(1).map((scope) => change({ scope }));
    const index = open(...whole, ...own);
    const target = { providerId: 'openai', model: 'small' };
    const ids = [...whole, ...own].map((each) => each.id).toSorted();
    expect(found(index, { userId: 'ann', tags: ['batch'], target })).toEqual(ids);
    const isOfModel = ({ scope }: ChangedLimit) => scope.kind === 'model';
    const before = [...whole, ...own].filter((each) => !isOfModel(each)).map((each) => each.id);
    expect(found(index, { userId: 'ann', tags: ['batch'] })).toEqual(before.toSorted());
    expect(found(index)).toHaveLength(5);
  });

  test('a foreign organization, project, key, user, tag or model counts against nothing', () => {
    const index = open(
      change({ organizationId: 'org_2', projectId: undefined, scope: { kind: 'organization', id: 'org_2' } }),
      change({ organizationId: 'org_2', projectId: 'proj_2', scope: { kind: 'user', id: '*' } }),
      change({ projectId: 'proj_3', scope: { kind: 'user', id: 'ann' } }),
      change({ scope: { kind: 'key', id: 'key_2' } }),
      change({ scope: { kind: 'tag', id: 'other' } }),
      change({ scope: { kind: 'model', id: 'small' } }),
      change({ projectId: undefined, scope: { kind: 'project', id: 'proj_2' } }),
    );
    const target = { providerId: 'small', model: 'large' };
    expect(found(index, { userId: 'ann', tags: ['batch'], target })).toEqual([]);
  });

  test('a model is the same in whatever case it is named, also under a star', () => {
    const named = change({ scope: { kind: 'model', id: 'together/Meta-Llama-3' } });
    const anywhere = change({ scope: { kind: 'model', id: 'Meta-Llama-3' } });
    const each = change({ scope: { kind: 'model', id: '*' } });
    const index = open(named, anywhere, each);
    for (const model of ['Meta-Llama-3', 'meta-llama-3', 'META-LLAMA-3']) {
      expect(found(index, { target: { providerId: 'together', model } })).toEqual(
        [named.id, anywhere.id, `${each.id} together/meta-llama-3`].toSorted(),
      );
    }
    index.apply({ ...named, isDeleted: true });
    const target = { providerId: 'together', model: 'meta-llama-3' };
    expect(found(index, { target })).not.toContain(named.id);
  });

  test('under a star each has a count of its own, and who has no name has none', () => {
    const [user, key, tag, model] = (['user', 'key', 'tag', 'model'] as const).map((kind) =>
      change({ scope: { kind, id: '*' } }),
    );
    const project = change({ projectId: undefined, scope: { kind: 'project', id: '*' } });
    const index = open(...[user, key, tag, model, project].filter((each) => each !== undefined));
    const target = { providerId: 'openai', model: 'small' };
    const facts = { userId: 'ann', tags: ['a', 'b', 'a'], target };
    expect(found(index, facts)).toEqual(
      [
        `${user?.id} ann`,
        `${key?.id} key_1`,
        `${tag?.id} a`,
        `${tag?.id} b`,
        `${model?.id} openai/small`,
        `${project.id} proj_1`,
      ].toSorted(),
    );
    expect(found(index)).toEqual([`${key?.id} key_1`, `${project.id} proj_1`].toSorted());
    expect(found(index, { userId: '*' })).toContain(`${user?.id} *`);
  });

  test('a name that a database could not hold, or that has no end, still has a count', () => {
    const index = open(change({ scope: { kind: 'user', id: '*' } }));
    const subjectOf = (userId: string) => index.findLimits(principal, { ...nobody, userId })[0]?.subject;
    expect(subjectOf('a\0b')).toBe('a\ufffdb');
    expect(subjectOf('a\ud800')).toBe('a\ufffd');
    expect(subjectOf('x'.repeat(1_000_000))).toHaveLength(256);
  });

  test('what is changed, deleted or made again is so at once', () => {
    const first = change({ max: 1 });
    const index = open(first);
    index.apply({ ...first, max: 2, scope: { kind: 'user', id: 'ann' } });
    expect(found(index)).toEqual([]);
    expect(found(index, { userId: 'ann' })).toEqual([first.id]);
    expect(index.findLimit(first.id)).toMatchObject({ max: 2 });
    index.apply({ ...first, isDeleted: true });
    index.apply({ ...first, isDeleted: true });
    expect([found(index, { userId: 'ann' }), index.size(), index.findLimit(first.id)]).toEqual([
      [],
      0,
      undefined,
    ]);
  });

  test('a budget brings its policy and what its period has beyond its amount', () => {
    const budget = {
      action: 'route' as const,
      routeModel: 'openai/small',
      warnPercents: [50],
      isStrict: true,
      carriesOver: true,
      owner: 'ann',
    };
    const extra = { periodStartMs: 5, bySubject: [['', 7]] as [string, number][] };
    const [applied] = open(change({ measure: 'cost', budget, extra })).findLimits(principal, nobody);
    expect(applied?.limit).toMatchObject({
      budget: { action: { kind: 'route', model: 'openai/small' }, warnPercents: [50], isStrict: true },
      extra: { periodStartMs: 5, bySubject: new Map([['', 7]]) },
    });
  });

  test('after any changes it finds what a search through all of them finds', () => {
    const scope = fc.record({
      kind: fc.constantFrom('organization', 'project', 'key', 'user', 'model', 'tag' as const),
      id: fc.constantFrom('*', 'org_1', 'proj_1', 'key_1', 'ann', 'bob', 'm', 'p/m'),
    });
    const changes = fc.array(
      fc.record({
        id: fc.constantFrom('lim_a', 'lim_b', 'lim_c', 'lim_d', 'lim_e'),
        projectId: fc.constantFrom('proj_1', 'proj_2', undefined),
        scope,
        isDeleted: fc.boolean(),
      }),
      { maxLength: 30 },
    );
    const facts = { userId: 'ann', tags: ['ann', 'bob'], target: { providerId: 'p', model: 'm' } };
    const names = new Map<string, string[]>([
      ['organization', ['org_1']],
      ['project', ['proj_1']],
      ['key', ['key_1']],
      ['user', ['ann']],
      ['tag', ['ann', 'bob']],
      ['model', ['p/m']],
    ]);
    fc.assert(
      fc.property(changes, (given) => {
        const all = given.map((each) => change(each));
        const last = new Map(all.map((each) => [each.id, each]));
        const expected = [...last.values()]
          .filter((each) => !each.isDeleted && each.projectId !== 'proj_2')
          .flatMap(({ id, scope: { kind, id: name } }) =>
            name === '*'
              ? (names.get(kind) ?? []).map((subject) => `${id} ${subject}`)
              : [...(names.get(kind) ?? []), ...(kind === 'model' ? ['m'] : [])].includes(name)
                ? [id]
                : [],
          );
        expect(found(open(...all), facts)).toEqual(expected.toSorted());
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  test('ten thousand budgets cost a call no more than ten do', () => {
    const facts = { userId: 'ann', tags: ['batch'], target: { providerId: 'openai', model: 'small' } };
    const build = (count: number) =>
      open(
        ...Array.from({ length: count }, (_, at) => change({ scope: { kind: 'user', id: `user ${at}` } })),
        ...Array.from({ length: count }, (_, at) => change({ projectId: `proj_${at + 2}` })),
        change({ scope: { kind: 'user', id: 'ann' } }),
        change({}),
      );
    const [few, many] = [build(10), build(10_000)];
    const microseconds = (index: LimitIndex) => {
      const runs = Array.from({ length: 7 }, () => {
        const began = performance.now();
        for (let n = 0; n < 20_000; n += 1) index.findLimits(principal, facts);
        return (performance.now() - began) / 20;
      });
      return Math.min(...runs);
    };
    expect(found(many, facts)).toHaveLength(2);
    const [slowFew, slowMany] = [microseconds(few), microseconds(many)];
    // A search through all would be a thousand times slower, so that ten leaves room for a busy machine.
    expect(slowMany).toBeLessThan(slowFew * 10);
    expect(slowMany).toBeLessThan(100);
  });
});
