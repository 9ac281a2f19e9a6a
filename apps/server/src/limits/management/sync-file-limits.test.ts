import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestManagement, type TestManagement } from '../../../test/open-test-management.ts';
import { readConfig } from '../../config/read-config.ts';
import { syncFileLimits } from './sync-file-limits.ts';

let server: TestManagement;
beforeAll(async () => {
  server = await openTestManagement();
}, 60_000);
afterAll(() => server.close());

const read = (text: string) =>
  readConfig({ TOKENROUTER_CONFIG: 'tokenrouter.yaml' }, (path) =>
    path === 'tokenrouter.yaml' ? text : undefined,
  ).file;

const sync = (text: string) => {
  const { limits, tenants } = server.test.store;
  const hasModel = (name: string) => name === 'openai/small';
  return syncFileLimits({ limits, tenants, hasModel, nowMs: Date.now }, read(text));
};

const shown = async () => {
  const { organizationId, id: projectId } = server.project;
  const search = { limit: 50 };
  const places = [
    { organizationId, projectId },
    { organizationId, projectId: undefined },
  ];
  const lists = await Promise.all(
    places.flatMap((place) => [server.limits.list(place, search), server.budgets.list(place, search)]),
  );
  return lists.flatMap((list) => list.data.map(({ id, name, source }) => ({ id, name, source })));
};

const file = `
limits:
  - id: burst
    name: Burst of each key
    project: default
    scope: { kind: key }
    measure: requests
    period: minute
    max: 600
budgets:
  - id: whole
    scope: { kind: organization }
    amount_usd: "250.00"
    action: { kind: route, model: openai/small }
    carry_over: true
    owner: finance@example.com
`;

describe('limits and budgets of the configuration file', () => {
  test('hold from the start on, and are read-only over the API, which says where they change', async () => {
    await sync(file);
    expect(await shown()).toEqual([
      { id: 'burst', name: 'Burst of each key', source: 'file' },
      { id: 'whole', name: 'whole', source: 'file' },
    ]);
    const place = { organizationId: server.project.organizationId, projectId: server.project.id };
    for (const write of [
      () => server.limits.change(place, { id: 'burst', change: { max: 1 } }),
      () => server.limits.delete(place, 'burst'),
      () => server.budgets.change({ ...place, projectId: undefined }, { id: 'whole', change: { name: 'x' } }),
      () => server.budgets.delete({ ...place, projectId: undefined }, 'whole'),
    ]) {
      await expect(write()).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('edit tokenrouter.yaml'),
      });
    }
  });

  test('the same file again changes nothing, another changes what differs, and none ends them', async () => {
    await sync(file);
    const { limits } = server.test.store;
    const before = await limits.findLimitSequence();
    await sync(file);
    expect(await limits.findLimitSequence()).toBe(before);
    await sync(file.replace('max: 600', 'max: 700'));
    const changes = await limits.listLimitChanges({ since: before, limit: 10 });
    expect(changes).toMatchObject([{ id: 'burst', max: 700, scope: { kind: 'key', id: '*' } }]);
    await sync('providers: []');
    expect(await shown()).toEqual([]);
    await sync(file);
    expect(await shown()).toHaveLength(2);
  });

  test('more money can be granted to a budget of the file', async () => {
    await sync(file);
    const place = { organizationId: server.project.organizationId, projectId: undefined };
    const granted = await server.budgets.grant(place, { id: 'whole', grant: { amount_usd: '1' } });
    expect(granted.states).toMatchObject([{ available: { usd: '251' } }]);
  });

  test('an id that the API gave away stops the start', async () => {
    const place = { organizationId: server.project.organizationId, projectId: server.project.id };
    const made = await server.limits.create(place, {
      name: 'mine',
      scope: { kind: 'project', id: '*' },
      measure: 'requests',
      period: 'day',
      max: 1,
    });
    await expect(sync(file.replace('burst', made.id))).rejects.toThrow(`"${made.id}" is the id of a limit`);
    await server.limits.delete(place, made.id);
  });

  test.each([
    [
      'organization: there is no organization "acme"',
      file.replace('id: whole', 'id: whole\n    organization: acme'),
    ],
    ['project: there is no project "web"', file.replace('project: default', 'project: web')],
    ['no provider serves "openai/large"', file.replace('openai/small', 'openai/large')],
    ['there is no such key here', file.replace('{ kind: key }', '{ kind: key, id: key_none }')],
    ['in a project it is project', file.replace('{ kind: key }', '{ kind: organization }')],
  ])('%s stops the start', async (sentence, text) => {
    await expect(sync(text)).rejects.toThrow(sentence);
  });

  test.each([
    ['line 11: budgets[0].id: "burst" is there twice', file.replace('id: whole', 'id: burst')],
    ['limits[0].period: calls under way', file.replace('measure: requests', 'measure: concurrency')],
    [
      'limits[0].max: a limit on cost is given as max_usd',
      file.replace('measure: requests', 'measure: cost'),
    ],
    ['budgets[0].amount_usd: must be US dollars', file.replace('"250.00"', '"-5"')],
    ['limits[0].id: must be 1 to 64', file.replace('id: burst', 'id: "Burst!"')],
    ['limits[0].burst: there is no such setting', file.replace('    max: 600', '    max: 600\n    burst: 5')],
  ])('%s stops the start, with the line', (sentence, text) => {
    expect(() => read(text)).toThrow(sentence);
  });
});
