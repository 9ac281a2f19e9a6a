/**
 * Holds the tree to ARCHITECTURE.md: who may import whom, which packages are pure, how files are named, how long
 * they may be. Prints every breach and ends with status 1 when there is one.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Which of our packages each package may import. `types` allows `import type` only. */
const MAY_IMPORT: Record<string, { values: string[]; types?: string[] }> = {
  'packages/protocol': { values: [] },
  'packages/contract': { values: [] },
  'packages/redact': { values: [] },
  'packages/providers': { values: ['protocol'] },
  'packages/gateway': { values: ['protocol', 'providers', 'contract', 'redact'] },
  'packages/tracing': { values: ['protocol', 'providers', 'contract', 'redact'] },
  'packages/store': { values: ['contract'], types: ['gateway', 'tracing', 'providers', 'protocol'] },
  'packages/local-stack': { values: [] },
  'packages/tokentrace': { values: ['protocol', 'redact'], types: ['contract'] },
  'packages/testkit': { values: ['protocol', 'providers', 'contract', 'gateway', 'tracing'] },
  'apps/server': {
    values: ['protocol', 'contract', 'redact', 'providers', 'gateway', 'tracing', 'store', 'local-stack'],
  },
  'apps/dashboard': { values: ['contract'] },
};
const PURE = ['packages/protocol', 'packages/contract', 'packages/redact'];
const IMPURE = /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bfetch\(|from 'node:/;
const FORBIDDEN_NAMES =
  /(^|-)(utils?|helpers?|common|misc|types|constants|manager|handler|service|processor|base(?!-url))(-|$)/;
const LINES_MAX = 300;
const TEST_LINES_MAX = 500;
const PROCESS_OWNERS = /(^|\/)(main|child|guard|[a-z-]*worker)\.ts$/;

/** What every wire format has, under the same names, so that a change to one shows where it is in all others. */
const DIALECT_FILES = {
  provider: ['dialect', 'errors', 'read-reply', 'read-stream', 'stops', 'usage', 'wire', 'write-call'],
  caller: ['read-call', 'words', 'write-reply', 'write-stream'],
};

type Source = { path: string; owner: string; text: string; isTest: boolean; imports: Import[] };
type Import = { specifier: string; typeOnly: boolean };

const sources = globSync('{packages,apps}/*/{src,test}/**/*.{ts,tsx}', { cwd: root }).sort().map(readSource);
const problems = [
  ...sources.flatMap((source) => [
    ...importProblems(source),
    ...contentProblems(source),
    ...shapeProblems(source),
  ]),
  ...cycleProblems(),
  ...dialectProblems(),
];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`structure: ${sources.length} files, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const isTest = path.endsWith('.test.ts') || path.endsWith('.test.tsx') || path.includes('/test/');
  const imports = [
    ...text.matchAll(/^(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm),
  ];
  return {
    path,
    owner: path.split('/').slice(0, 2).join('/'),
    text,
    isTest,
    imports: imports.map((match) => ({
      specifier: match[2] ?? match[3] ?? '',
      typeOnly: match[1] !== undefined,
    })),
  };
}

function importProblems({ path, owner, isTest, imports }: Source): string[] {
  const manifest = JSON.parse(readFileSync(join(root, owner, 'package.json'), 'utf8'));
  const declared = {
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    // What is published has our packages bundled into it.
    ...(isTest || manifest.private !== true ? manifest.devDependencies : {}),
    ...(isTest ? manifest.peerDependencies : {}),
  };
  return imports.flatMap(({ specifier, typeOnly }) => {
    if (specifier.startsWith('node:') || specifier.startsWith('.'))
      return leavesPackage(path, owner, specifier);
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    const found = isDeclared(name, declared)
      ? []
      : [`${path}: imports ${name}, which ${owner}/package.json does not declare`];
    if (!name.startsWith('@app/') || isTest) return found;
    const allowed = MAY_IMPORT[owner];
    const target = name.slice('@app/'.length);
    if (allowed?.values.includes(target) || (typeOnly && allowed?.types?.includes(target))) return found;
    return [...found, `${path}: ${owner} may not import ${name}${typeOnly ? '' : ' (values)'}`];
  });
}

function isDeclared(name: string, declared: object): boolean {
  return name in declared || name === 'vitest' || name === 'fast-check';
}

function leavesPackage(path: string, owner: string, specifier: string): string[] {
  if (!specifier.startsWith('.')) return [];
  const target = relative(root, resolve(root, dirname(path), specifier));
  return target.startsWith(`${owner}/`) ? [] : [`${path}: reaches into ${target} by a relative path`];
}

function contentProblems({ path, owner, text, isTest }: Source): string[] {
  if (isTest) return [];
  const found: string[] = [];
  if (PURE.includes(owner) && IMPURE.test(text))
    found.push(`${path}: ${owner} is pure; take this as an argument`);
  if (/\bprocess\.(env|argv|exit|on)\b/.test(text) && !PROCESS_OWNERS.test(path)) {
    found.push(`${path}: only main.ts and the entry files of children may use process`);
  }
  if (/\b(TODO|FIXME|XXX)\b/.test(text))
    found.push(`${path}: holds a note to come back; finish it or leave it`);
  if (/as unknown as|@ts-ignore|@ts-expect-error/.test(text))
    found.push(`${path}: silences the type checker`);
  return found;
}

function shapeProblems({ path, text, isTest }: Source): string[] {
  const found: string[] = [];
  const name = basename(path).replace(/(\.test)?\.tsx?$/, '');
  const lines = text.split('\n').length - 1;
  const linesMax = isTest ? TEST_LINES_MAX : LINES_MAX;
  if (lines > linesMax) found.push(`${path}: ${lines} lines, at most ${linesMax}`);
  if (FORBIDDEN_NAMES.test(name)) found.push(`${path}: a file is named after what it exports`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?$/.test(name)) found.push(`${path}: file names are kebab-case`);
  if (name === 'index' && !/^(packages|apps)\/[^/]+\/src\/index\.ts$/.test(path))
    found.push(`${path}: no barrels`);
  return found;
}

function cycleProblems(): string[] {
  const graph = new Map(sources.map((source) => [source.path, localImports(source)]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`);
      return;
    }
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** Type imports vanish at run time, so a cycle of them is no cycle. */
function localImports({ path, imports }: Source): string[] {
  return imports
    .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
    .map(({ specifier }) => relative(root, resolve(root, dirname(path), specifier)));
}

function dialectProblems(): string[] {
  const folders = globSync('packages/protocol/src/*/dialect.ts', { cwd: root }).map((path) => dirname(path));
  return folders.flatMap((folder) => {
    const there = globSync('*.ts', { cwd: join(root, folder) }).map((name) => basename(name, '.ts'));
    // Callers speak whatever has a reader of calls; the rest is spoken to providers alone.
    const wanted = [...DIALECT_FILES.provider, ...(there.includes('read-call') ? DIALECT_FILES.caller : [])];
    return wanted.filter((name) => !there.includes(name)).map((name) => `${folder}: has no ${name}.ts`);
  });
}
