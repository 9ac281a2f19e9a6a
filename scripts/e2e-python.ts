/**
 * Runs the journeys of the official Python clients against a gateway before a played provider of each dialect, and programs
 * that trace with Python's libraries against a whole server: `npm run e2e:python`. Python is the one that TOKENROUTER_PYTHON names, else `python3`. A client that is not installed
 * there is skipped aloud, or fails the run under TESTS_REQUIRE_ALL=1.
 */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { openFakeUpstream, type Saying, type Script } from '@app/testkit';
import {
  dialects,
  openGateway,
  PLAYS,
  type Upstream,
} from '../apps/server/test/journeys/clients/played-provider.ts';
import { readSent } from '../apps/server/test/journeys/clients/read-sent.ts';
import { testKeys } from '../apps/server/test/test-keys.ts';
import { PYTHON_SENDERS, runPythonSenders } from './run-python-senders.ts';

const CLIENTS = [
  { module: 'openai', install: 'openai', file: 'use_openai.py' },
  { module: 'anthropic', install: 'anthropic', file: 'use_anthropic.py' },
  { module: 'google.genai', install: 'google-genai', file: 'use_google_genai.py' },
  { module: 'litellm', install: 'litellm', file: 'use_litellm.py' },
];
/** What a provider says that is offered tools. */
const CALLING: Saying = {
  thought: 'Let me look.',
  signature: btoa('seal of the maker'),
  tool: [
    { id: 'call_1', name: 'get_weather', input: { city: 'Zürich', days: 3 } },
    { id: 'call_2', name: 'get_time', input: { zone: 'Europe/Zurich' } },
  ],
};

const RUN_MS_MAX = 300_000;

const python = process.env.TOKENROUTER_PYTHON ?? 'python3';
const folder = fileURLToPath(new URL('../apps/server/test/python/', import.meta.url));
const areClientsGood = await runAll();
const areSendersGood = await runSenders();
process.exitCode = areClientsGood && areSendersGood ? 0 : 1;

async function runAll(): Promise<boolean> {
  const found = findModules(CLIENTS.map(({ module }) => module));
  const missing = CLIENTS.filter(({ module }) => !found.has(module));
  for (const { install } of missing)
    say(`SKIPPED ${install}: ${python} does not have it (pip install ${install}).`);
  let isGood = missing.length === 0 || process.env.TESTS_REQUIRE_ALL !== '1';
  if (found.size === 0) return isGood;
  const opened = await Promise.all(dialects.map(openPlayed));
  const servers = Object.fromEntries(opened.map(({ dialect, server }) => [dialect, server.url]));
  for (const { module, file } of CLIENTS) {
    if (!found.has(module)) continue;
    say(module);
    if (!(await runFile(file, servers))) isGood = false;
  }
  for (const { server, upstream } of opened) {
    for (const defect of server.defects) say(`FAIL  the gateway met what nobody foresaw: ${inspect(defect)}`);
    if (server.defects.length > 0) isGood = false;
    await server.close();
    await upstream.close();
  }
  return isGood;
}

/** Programs that trace, against a server with its stores. */
async function runSenders(): Promise<boolean> {
  const found = findModules(PYTHON_SENDERS.map(({ module }) => module));
  const missing = PYTHON_SENDERS.filter(({ module }) => !found.has(module));
  for (const { install, name } of missing)
    say(`SKIPPED ${name}: ${python} does not have it (pip install ${install}).`);
  const isWhole = missing.length === 0 || process.env.TESTS_REQUIRE_ALL !== '1';
  if (found.size === 0) return isWhole;
  say('senders');
  const { table, isGood } = await runPythonSenders(
    python,
    PYTHON_SENDERS.filter(({ module }) => found.has(module)),
  );
  say(table);
  if (!isGood) say('FAIL  a call was not counted or priced as it was made.');
  return isWhole && isGood;
}

/** Which of these modules this Python has; none when there is no Python. */
function findModules(modules: readonly string[]): Set<string> {
  const names = JSON.stringify(modules);
  const code = [
    'import importlib.util as i',
    'def has(name):',
    '    try: return i.find_spec(name) is not None',
    '    except ImportError: return False',
    `print("\\n".join(name for name in ${names} if has(name)))`,
  ].join('\n');
  const { stdout, error } = spawnSync(python, ['-c', code], { encoding: 'utf8', timeout: 60_000 });
  if (error) say(`${python} does not run: ${error.message}.`);
  return new Set((stdout ?? '').split('\n').filter((line) => line !== ''));
}

async function openPlayed(dialect: Upstream) {
  const upstream = await openFakeUpstream(answersAsAsked(dialect));
  return { dialect, upstream, server: await openGateway(dialect, upstream.url) };
}

/** A provider that calls the tools it is offered, then says what it was told of them. */
function answersAsAsked(dialect: Upstream): Script {
  return (response, request) => {
    const { tools, results, calls, seals, schema } = readSent(dialect, request);
    const saying = (): Saying => {
      if (results.length > 0) {
        const told = {
          results: results.map(({ text }) => text),
          calls: calls.map(({ input }) => input),
          seals,
        };
        return { text: JSON.stringify(told) };
      }
      if (schema !== undefined) return { text: '{"city":"Zürich"}' };
      return tools.length > 0 ? CALLING : { text: 'Grüße aus Köln 👋🏽, schön!' };
    };
    return PLAYS[dialect](saying())(response, request);
  };
}

function runFile(file: string, servers: object): Promise<boolean> {
  // Nothing of the environment goes along: no key, no proxy, no setting of a client.
  const env = {
    PATH: process.env.PATH ?? '',
    TOKENROUTER_API_KEY: testKeys.live,
    TOKENROUTER_SERVERS: JSON.stringify(servers),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
    // Otherwise it asks the internet for prices.
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  };
  const child = spawn(python, [file], { cwd: folder, env, stdio: 'inherit', timeout: RUN_MS_MAX });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
