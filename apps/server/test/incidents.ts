/** An incident of this family of products, and the test that shows that it cannot happen here. */
type Incident = { id: string; product: string; lesson: string; file: string; test: string };

type Row = [id: string, product: string, lesson: string, proof: [file: string, test: string]];

const incident = (...[id, product, lesson, [file, test]]: Row): Incident => ({
  id,
  product,
  lesson,
  file,
  test,
});

const journeys = 'apps/server/test/journeys';
const ssrf: [string, string] = [
  `${journeys}/attack-ssrf.test.ts`,
  'CVE-2024-6587, CVE-2025-66405, CVE-2026-108602',
];
const own = (title: string): [string, string] => [`${journeys}/attack-incidents.test.ts`, title];
const runsNothing: [string, string] = [`${journeys}/attack-ssrf.test.ts`, 'starts no process'];

/** `test` is a part of the test's name that stands in its file to the letter. */
export const incidents: readonly Incident[] = [
  incident('CVE-2024-6587', 'LiteLLM', 'a caller must not steer where a stored key goes', ssrf),
  incident('CVE-2025-66405', 'Portkey', 'the guard is at the connection, on every way out', ssrf),
  incident('CVE-2026-108602', 'Helicone', 'a webhook’s name is checked when it is connected to', ssrf),
  incident('Portkey #1657', 'Portkey', 'no default credential', own('Portkey #1657')),
  incident('CVE-2026-25591', 'new-api', 'wildcards in a search are text', [
    `${journeys}/attack-management.test.ts`,
    'whatever stands in the filter %s is looked for and never run',
  ]),
  incident('new-api 2026-04', 'new-api', 'an empty secret is an error', own('new-api, April 2026')),
  incident('LiteLLM 2026-03-18', 'LiteLLM', 'secrets cannot be stringified', own('LiteLLM, 18 March 2026')),
  incident(
    'LiteLLM 2026-03-24',
    'LiteLLM',
    'packages are locked by digest',
    own('LiteLLM on PyPI, 24 March 2026'),
  ),
  incident('CVE-2026-35030', 'LiteLLM', 'keys are looked up by their whole digest', own('CVE-2026-35030')),
  incident('CVE-2026-35029', 'LiteLLM', 'a stored hash opens nothing', own('CVE-2026-35029')),
  incident(
    'CVE-2026-42208',
    'LiteLLM',
    'no SQL is put together of what a caller sent',
    own('CVE-2026-42208'),
  ),
  incident('CVE-2026-42208 statements', 'LiteLLM', 'bound parameters only', [
    'packages/store/src/postgres/query.test.ts',
    'no statement has text put into it',
  ]),
  incident('CVE-2026-30623', 'LiteLLM', 'nothing that is configured is run', runsNothing),
  incident('CVE-2026-42271', 'LiteLLM', 'nothing that is configured is run', runsNothing),
  incident('CVE-2026-48710', 'Starlette', 'one host for a request', [
    `${journeys}/attack-edge.test.ts`,
    'whose first lines are not what they must be',
  ]),
  incident('CVE-2026-47101', 'LiteLLM', 'a key gives no more than it has', [
    `${journeys}/attack-keys.test.ts`,
    'may narrow itself and a stronger key, and rename it, but give it nothing more',
  ]),
  incident('CVE-2026-47102', 'LiteLLM', 'no field of another operation sets a role', [
    'apps/server/src/members/members.test.ts',
    'CVE-2026-47102',
  ]),
  incident('CVE-2026-40217', 'LiteLLM', 'no rule is code', runsNothing),
  incident('CVE-2025-3248', 'Langflow', 'nothing that is sent is run', runsNothing),
  incident('CVE-2025-34291', 'Langflow', 'other origins change nothing with a cookie', [
    `${journeys}/attack-csrf.test.ts`,
    'changes nothing with the cookie of somebody who is signed in',
  ]),
  incident('CVE-2026-33017', 'Langflow', 'nothing that is sent is run', runsNothing),
  incident('Flowise 2026', 'Flowise', 'no address without its check', [
    `${journeys}/access-table.test.ts`,
    'meets the same 401 as none, wherever it is shown',
  ]),
  incident('CVE-2026-24055', 'Langfuse', 'a flow belongs to whoever began it', [
    `${journeys}/sign-in-providers.test.ts`,
    'CVE-2026-24055',
  ]),
  incident('CVE-2025-15381', 'MLflow', 'every address, every role', [
    'apps/server/src/routes/api/access-matrix.test.ts',
    'CVE-2025-15381',
  ]),
  incident('CVE-2026-105699', 'Langflow', 'no other door than the guarded ones', own('CVE-2026-105699')),
  incident('CVE-2026-63645', 'OpenObserve', 'the configuration has no address', own('CVE-2026-63645')),
  incident('CVE-2026-126065', 'OpenObserve', 'who comes from a provider has no password', [
    `${journeys}/sign-in-providers.test.ts`,
    'CVE-2026-126065',
  ]),
  incident('CVE-2026-54658', '@hypequery/clickhouse', 'what is searched for is bound, never escaped', [
    'packages/store/src/clickhouse/queries/list-traces.test.ts',
    'SQL in %s is text and finds nothing',
  ]),
  incident(
    'CVE-2026-128080',
    'OpenTelemetry',
    'no address of others is kept with its query',
    own('CVE-2026-128080'),
  ),
  incident('CVE-2026-116366', 'ClickHouse', 'the engine listens on no port', own('CVE-2026-116366')),
];
