import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Budget, Limit } from '@app/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runBudgets, runLimits } from '../../src/cli/limits-command.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { databaseUrlOf } from '../database-url.ts';
import { openTestStore, type TestStore } from '../open-test-store.ts';

const docs = resolve(import.meta.dirname, '../../../../docs');
let folder: string;
let shared: TestStore;
beforeAll(async () => {
  shared = await openTestStore();
  folder = await mkdtemp(join(tmpdir(), 'limits-cli-'));
  const config = 'providers:\n  - { id: openai, api_key: "${OPENAI_API_KEY}" }\n';
  await writeFile(join(folder, 'tokenrouter.yaml'), config);
});
afterAll(async () => {
  await shared?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs one command while no server runs. */
async function run(line: readonly string[]) {
  const [command, ...args] = line;
  const out: string[] = [];
  const errors: string[] = [];
  const code = await (command === 'limits' ? runLimits : runBudgets)(args, {
    variables: {
      TOKENROUTER_DATA_DIR: join(folder, 'data'),
      DATABASE_URL: databaseUrlOf(shared.place),
      TOKENROUTER_CONFIG: join(folder, 'tokenrouter.yaml'),
      OPENAI_API_KEY: 'sk-test',
    },
    print: (text) => out.push(text),
    warn: (text) => errors.push(text),
    isTerminal: false,
    stopRequested: new Promise(() => undefined),
  });
  return { code, out: out.join(''), errors: errors.join('') };
}

/** What follows `tokenrouter --` in the first block of a page, word by word. */
function commandsOf(page: string): string[][] {
  const block = /```sh\n([^`]+)```/.exec(readFileSync(join(docs, page), 'utf8'))?.[1] ?? '';
  return block
    .trim()
    .split('\n')
    .map((line) => [...(line.split(' tokenrouter -- ')[1] ?? '').matchAll(/"([^"]*)"|(\S+)/g)])
    .map((words) => words.map(([, quoted, plain]) => quoted ?? plain ?? ''));
}

describe('while no server runs', () => {
  test.each(['limits.md', 'budgets.md'])(
    'the commands of docs/%s do what it says',
    async (page) => {
      const commands = commandsOf(page);
      expect(commands.length).toBeGreaterThan(3);
      let last = '';
      for (const command of commands) {
        const line = command.map((word) => (/^(lim|bud)_01/.test(word) ? last : word));
        const { code, out, errors } = await run(line);
        expect([line.join(' '), code, errors.replace(/^(Made|Ended|Granted) .*\n$/, '')]).toEqual([
          line.join(' '),
          0,
          '',
        ]);
        last = /^(lim|bud)_\w+\n$/.test(out) ? out.trim() : last;
      }
      expect(existsSync(join(folder, 'data', 'run.json'))).toBe(false);
    },
    120_000,
  );

  test('what was made is listed, for people and exactly', async () => {
    const limits: Limit[] = JSON.parse((await run(['limits', 'list', '--json'])).out);
    expect(limits).toMatchObject([{ name: 'per user', measure: 'tokens', scope: { kind: 'user', id: '*' } }]);
    const budgets: Budget[] = JSON.parse((await run(['budgets', 'list', '--json'])).out);
    expect(budgets.map(({ name, amount }) => [name, amount.nanos])).toEqual([
      ['large', 40_000_000_000],
      ['each user', 1_500_000_000],
      ['team', 250_000_000_000],
    ]);
    expect(budgets[0]?.states).toMatchObject([{ available: { usd: '90' } }]);
    const table = (await run(['budgets', 'list'])).out;
    expect(table).toMatch(/large +model openai\/gpt-4o +\$40\/month .* ok +route to openai\/gpt-4o-mini/);
    expect((await run(['limits', 'list', '--whole-organization'])).out).toContain('No limits yet');
  }, 60_000);

  test.each([
    [['limits', 'create', '--name', 'x', '--measure', 'requests', '--max', 'many'], '--max'],
    [['limits', 'create', '--name', 'x', '--measure', 'dollars', '--max', '1'], '--measure'],
    [
      ['limits', 'create', '--name', 'x', '--measure', 'requests', '--max', '1', '--scope', 'planet'],
      '--scope',
    ],
    [['limits', 'delete'], 'limits delete ID'],
    [['limits', 'shrink'], 'There is no command'],
    [['budgets', 'create', '--name', 'x', '--amount', '-5'], '--amount'],
    [['budgets', 'create', '--name', 'x', '--amount', '5', '--period', 'hour'], '--period'],
    [['budgets', 'create', '--name', 'x', '--amount', '5', '--ask', '--route', 'm'], '--ask or --route'],
    [['budgets', 'create', '--name', 'x', '--amount', '5', '--warn', '50,200'], '--warn'],
    [['budgets', 'grant', 'bud_1'], '--amount'],
    [['budgets', 'create', '--frobnicate'], 'frobnicate'],
  ])('%j is refused with the option to change, and opens nothing', async (line, words) => {
    const { code, out, errors } = await run(line);
    expect([code, out]).toEqual([2, '']);
    expect(errors).toContain(words);
  });

  test('what only the store can know is refused with a sentence', async () => {
    const amount = ['--name', 'x', '--amount', '5'];
    const unknown = await run(['budgets', 'create', ...amount, '--scope', 'key:key_none']);
    expect(unknown).toMatchObject({ code: 2, errors: expect.stringContaining('there is no such key') });
    const model = await run(['budgets', 'create', ...amount, '--route', 'nobody/serves']);
    expect(model).toMatchObject({ code: 2, errors: expect.stringContaining('no provider serves') });
    const project = await run(['limits', 'list', '--project', 'nowhere']);
    expect(project).toMatchObject({ code: 2, errors: '--project: there is no project "nowhere".\n' });
    expect(await run(['limits', 'delete', 'lim_none'])).toMatchObject({ code: 1 });
  }, 60_000);

  test('both explain themselves', async () => {
    expect((await run(['limits', '--help'])).out).toContain('limits create --name');
    expect((await run(['budgets'])).out).toContain('budgets grant ID');
  });
});

test.each(['limits.md', 'budgets.md'])(
  'the file that docs/%s shows is one that a server starts with',
  (page) => {
    const yaml = /```yaml\n([^`]+)```/.exec(readFileSync(join(docs, page), 'utf8'))?.[1] ?? '';
    const { file } = readConfig({ TOKENROUTER_CONFIG: 'x.yaml' }, () => yaml);
    expect(file.limits.length + file.budgets.length).toBeGreaterThan(0);
  },
);
