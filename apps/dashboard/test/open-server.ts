import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildDashboardOnce } from './build-dashboard-once.ts';
import { FREE_MODEL, GOOD_SECRET, openProvider, PLAIN_MODEL, RICH_MODEL } from './open-provider.ts';

export type Server = {
  /** Of the form `http://127.0.0.1:port`. */
  url: string;
  setupLink: string;
  call: Call;
  close(): Promise<void>;
};

/** Makes a call as an application would, a chat completion unless told otherwise; gives the status. */
export type Call = (key: string, body: object, path?: string) => Promise<number>;

const ROOT = resolve(import.meta.dirname, '../../..');
const START_MS_MAX = 60_000;

/** The whole product as a child process on an empty folder, with the dashboard as it is in the sources. */
export async function openServer(): Promise<Server> {
  await buildDashboardOnce(ROOT);
  const folder = mkdtempSync(join(tmpdir(), 'tr-ui-'));
  const provider = await openProvider();
  writeFileSync(join(folder, 'tokenrouter.yaml'), configFor(provider.url));
  const child = start(folder);
  const close = async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await provider.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const output = await readUntil(child, /the link is in .+\n/);
    const url = /ready at (\S+)/.exec(output)?.[1] ?? '';
    return {
      url,
      setupLink: readFileSync(join(folder, 'data/setup-link'), 'utf8').trim(),
      call: createCall(url),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function start(folder: string): ChildProcess {
  return spawn(process.execPath, ['apps/server/bin/tokenrouter', 'start'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PORT: '0',
      TOKENROUTER_DATA_DIR: join(folder, 'data'),
      HOSTILE_KEY: GOOD_SECRET,
      TOKENROUTER_CONFIG: join(folder, 'tokenrouter.yaml'),
    },
  });
}

/** Everything the child said until it said this. Fails when it ends or takes too long, with its last words. */
function readUntil(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`The server ${why}:\n${output}`));
    const timer = setTimeout(() => fail(`was not ready after ${START_MS_MAX} ms`), START_MS_MAX);
    const hear = (piece: Buffer) => {
      output += piece;
      if (!wanted.test(output)) return;
      clearTimeout(timer);
      resolve(output);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (status) => {
      clearTimeout(timer);
      fail(`ended with status ${status}`);
    });
  });
}

export function createCall(url: string): Call {
  return async (key, body, path = '/v1/chat/completions') => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await answer.text();
    return answer.status;
  };
}

const configFor = (providerUrl: string): string => `allow_private_hosts: ["127.0.0.1"]
providers:
  - id: hostile
    dialect: openai-chat
    base_url: ${providerUrl}/v1
    models: [gpt-4o-mini, ${RICH_MODEL}, ${PLAIN_MODEL}, ${FREE_MODEL}]
models:
  - { id: hostile/${PLAIN_MODEL}, price: { input: 1000, output: 2000 } }
  - { id: hostile/${FREE_MODEL}, price: { input: 0, output: 0 } }
secret_refs:
  hostile-key: { env: HOSTILE_KEY, providers: [hostile] }
`;
