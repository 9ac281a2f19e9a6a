import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SDK_VERSION } from '../src/version.ts';
import { openIngestServer } from './open-ingest-server.ts';
import { KEY } from './open-test-tracer.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** A folder of an app that has installed the built package and nothing else of ours. */
let app: string;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'tokentrace-'));
  const installed = join(app, 'node_modules', 'tokentrace');
  await mkdir(installed, { recursive: true });
  await copyFile(join(root, 'package.json'), join(installed, 'package.json'));
  const bin = join(require.resolve('tsdown/package.json'), '..', 'dist', 'run.mjs');
  await run(process.execPath, [bin, '--out-dir', join(installed, 'dist'), '--silent'], { cwd: root });
});
afterAll(() => rm(app, { recursive: true, force: true }));

const USE = `
const tracer = init({ flushMode: 'batch' });
trace('hello', () => tag({ userId: 'user-1' }));
`;

async function runApp(name: string, source: string, env: Record<string, string> = {}): Promise<string> {
  const path = join(app, name);
  await writeFile(path, source);
  const { stdout } = await run(process.execPath, [path], { env: { PATH: process.env.PATH ?? '', ...env } });
  return stdout;
}

test.each([
  ['app.mjs', `import { init, tag, trace } from 'tokentrace';${USE}`],
  ['app.cjs', `const { init, tag, trace } = require('tokentrace');${USE}`],
])(
  '%s uses the built package, and its spans arrive although it ends without a flush',
  async (name, source) => {
    const server = await openIngestServer();
    const insecure = source.replace('init({', 'init({ allowInsecureLoopback: true,');
    await runApp(name, insecure, { TOKENTRACE_API_KEY: KEY, TOKENTRACE_ENDPOINT: server.endpoint });
    expect(server.spans()).toMatchObject([{ name: 'hello', user_id: 'user-1' }]);
    expect(server.arrivals[0]?.batch.sdk).toEqual({ name: 'tokentrace', version: SDK_VERSION });
    await server.close();
  },
);

test('a process that loads both forms of the package has one default tracer', async () => {
  const source = `import { init } from 'tokentrace'; import { createRequire } from 'node:module';
  const other = createRequire(import.meta.url)('tokentrace');
  init({ endpoint: 'https://traces.example.test', apiKey: '${KEY}', exitHooks: false });
  other.span('from the other', () => {});
  console.log(JSON.stringify(other.stats().recorded)); process.exit(0);`;
  expect(await runApp('both.mjs', source)).toBe('1\n');
});

test('nothing of Node is needed to load it, and what is missing is done without', async () => {
  const source = `import vm from 'node:vm'; import { readFileSync } from 'node:fs';
  const code = readFileSync('${join(app, 'node_modules/tokentrace/dist/index.cjs')}', 'utf8');
  const sandbox = { exports: {}, module: {}, URL, TextEncoder, TextDecoder, AbortController, Response, Blob, performance,
    setTimeout, clearTimeout, crypto, console, queueMicrotask, structuredClone,
    fetch: async (url, request) => { console.log(url, request.body.length > 100);
      return new Response('{"accepted":1,"rejected":[]}'); } };
  vm.runInNewContext(code, sandbox);
  const { createTracer } = sandbox.exports;
  const tracer = createTracer({ endpoint: 'https://traces.example.test', apiKey: '${KEY}', piiRedaction: true });
  tracer.trace('edge', (span) => span.open({ name: 'child' }).end());
  console.log(await tracer.flush());`;
  expect(await runApp('edge.mjs', source)).toBe('https://traces.example.test/v1/ingest true\ntrue\n');
});

test('its types are read without any other package, as a module and by require', async () => {
  const use = `const tracer: Tracer = init({ apiKey: 'k', redact: async (span) => (span.name === 'x' ? null : span) });
  const answer: Promise<number> = trace('t', async (span) => { span.update({ usage: { inputFresh: 1 } }); return 1; });
  const client: { a: 1 } = wrapOpenAI({ a: 1 as const });
  // @ts-expect-error an outcome is not the app's to name
  span('s', () => {}, { outcome: 'ok' });
  export { answer, client, tracer };`;
  const names = 'init, span, trace, wrapOpenAI, type Tracer';
  await writeFile(join(app, 'types.mts'), `import { ${names} } from 'tokentrace';${use}`);
  await writeFile(join(app, 'types.cts'), `import { ${names} } from 'tokentrace';${use}`);
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
    ...{ strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true },
  };
  await writeFile(
    join(app, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['types.mts', 'types.cts'] }),
  );
  const tsc = resolve(require.resolve('typescript/package.json'), '..', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', app]).catch((failure) => failure);
  expect(stdout).toBe('');
});

test('the version that is sent is the version of the package', async () => {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(manifest.version).toBe(SDK_VERSION);
});
