/**
 * Runs the tests of the trace store on any ClickHouse: `npm run test:clickhouse -- http://user:password@host:8123`.
 * Every test file makes a database of its own there and drops it.
 */
import { spawn } from 'node:child_process';

const [url] = process.argv.slice(2);
if (url === undefined || !URL.canParse(url)) {
  process.stderr.write(
    'Give the URL of a ClickHouse server: npm run test:clickhouse -- http://127.0.0.1:8123\n',
  );
  process.exit(2);
}
const vitest = new URL(import.meta.resolve('vitest/package.json'));
const child = spawn(
  process.execPath,
  [new URL('vitest.mjs', vitest).pathname, 'run', 'packages/store/src/clickhouse'],
  {
    stdio: 'inherit',
    env: { ...process.env, CLICKHOUSE_TEST_URL: url },
  },
);
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
