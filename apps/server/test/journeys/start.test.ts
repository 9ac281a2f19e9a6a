import { execFile } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TraceList } from '@app/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  eventually,
  makePlace,
  type Place,
  runCli,
  type ServerProcess,
  startProcess,
} from '../start-process.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../../../examples');
const run = promisify(execFile);

let place: Place;
let server: ServerProcess;
let key: string;

beforeAll(async () => {
  place = makePlace();
  server = await startProcess(place);
  const created = await runCli(place, [
    ...['keys', 'create', '--name', 'journey', '--mode', 'test'],
    ...['inference:call', 'models:read', 'responses:read', 'traces:read'].flatMap((name) => [
      '--permission',
      name,
    ]),
  ]);
  key = created.stdout.trim();
}, 90_000);

afterAll(async () => {
  await server?.stop();
  place?.remove();
});

test('a newcomer’s first calls work as the examples have them, and are in the traces within two seconds', async () => {
  const env = { ...place.environment, TOKENROUTER_BASE_URL: server.url, TOKENROUTER_API_KEY: key };
  for (const [name, said] of [
    ['first-call.ts', 'Hello'],
    ['stream.ts', 'Hello'],
    ['tools.ts', 'sunny'],
  ] as const) {
    const { stdout } = await run(process.execPath, [join(EXAMPLES, name)], { env });
    expect(stdout).toContain(said);
  }
  const startedMs = performance.now();
  const found = await eventually(async () => {
    const traces = await listTraces();
    return traces.data.length >= 4 ? traces.data : undefined;
  });
  // The bound is for people: a busy machine may need a little more than an idle one.
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  expect(found.every((trace) => trace.cost_label === 'sandbox' && trace.status === 200)).toBe(true);
}, 60_000);

/** What each of the other examples prints, among other things. */
const SAYS: { [name: string]: string } = {
  'responses.ts': 'What is my name?',
  'google-genai.ts': ' tokens',
  'vercel-ai.ts': 'Hello',
  'langchain.ts': ' dimensions',
  'openai-agents.ts': 'sunny',
  'own-events.ts': '[message.end]',
};

test.each(Object.entries(SAYS))(
  'the example %s works as it stands',
  async (name, said) => {
    const env = { ...place.environment, TOKENROUTER_BASE_URL: server.url, TOKENROUTER_API_KEY: key };
    const { stdout } = await run(process.execPath, [join(EXAMPLES, name)], { env });
    expect(stdout).toContain(said);
  },
  60_000,
);

test('no example goes without being run', () => {
  const programs = readdirSync(EXAMPLES).filter((name) => name.endsWith('.ts'));
  expect(programs.sort()).toEqual([...Object.keys(SAYS), 'first-call.ts', 'stream.ts', 'tools.ts'].sort());
});

test('the key is printed alone, and listed without its secret', async () => {
  expect(key).toMatch(/^tr_test_[0-9A-Za-z]{49}$/);
  const listed = await runCli(place, ['keys', 'list']);
  expect(listed.stdout).toContain('journey');
  expect(listed.stdout).not.toContain(key);
});

test('a second start on the same folder is refused with a sentence', async () => {
  const second = await runCli(place, ['start']);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('is already running');
});

test('without a terminal the set-up link goes to a file that only its owner can read', () => {
  const path = join(place.dir, 'data/setup-link');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toContain(`${server.url}/setup#token=`);
  expect(server.output()).not.toContain('token=');
});

test('nothing in the data folder can be read, or connected to, by another account', async () => {
  const open = readdirSync(place.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => {
    // The engines make and remove files while we look.
    const found = lstatSync(join(place.dataDir, name), { throwIfNoEntry: false });
    return found !== undefined && !found.isSymbolicLink() && (found.mode & 0o077) !== 0;
  });
  expect(open).toEqual([]);
});

test('doctor looks at the running server and finds nothing critical on a laptop', async () => {
  const { code, stdout } = await runCli(place, ['doctor', '--json']);
  const { findings } = JSON.parse(stdout) as { findings: { check: string; severity: string }[] };
  expect(code).toBe(0);
  expect(findings.map(({ check }) => check).sort()).toEqual(['owner', 'providers']);
});

test('a setting that is wrong stops the start with its name', async () => {
  const wrong = { ...place, environment: { ...place.environment, PORT: 'http' } };
  const { code, stderr } = await runCli(wrong, ['start']);
  expect(code).toBe(2);
  expect(stderr).toContain('PORT: ');
});

test('in production nothing starts on a public address without HTTPS', async () => {
  const exposed = { ...place, environment: { ...place.environment, HOST: '0.0.0.0' } };
  const { code, stderr } = await runCli(exposed, ['start']);
  expect(code).toBe(2);
  expect(stderr).toContain('[plain-http]');
});

test('unknown commands are told with what there is', async () => {
  const { code, stderr } = await runCli(place, ['strat']);
  expect(code).toBe(2);
  expect(stderr).toContain('tokenrouter start');
});

async function listTraces(): Promise<TraceList> {
  const answer = await fetch(`${server.url}/api/v1/projects/default/traces?limit=50`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return (await answer.json()) as TraceList;
}
