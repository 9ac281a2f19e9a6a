import { cloudKinds, findCloud, findKnownProvider, Secret } from '@app/providers';
import type { z } from 'zod';
import { type Config, ConfigFile, Environment } from '../config.ts';
import { findCloudProblems, readProvider } from '../start/read-provider.ts';
import { ConfigError } from './config-error.ts';
import { findLiteralSecrets } from './find-literal-secrets.ts';
import { isLoopback } from './is-loopback.ts';
import { keyProblems } from './key-fields.ts';
import { limitProblems } from './limit-fields.ts';
import { mailProblems } from './mail-fields.ts';
import { readCredentialFiles } from './read-credential-files.ts';
import { readYaml } from './read-yaml.ts';
import { resolveReferences, type Variables } from './resolve-references.ts';
import { secretRefProblems } from './secret-ref-fields.ts';
import { signInProblems } from './sign-in-fields.ts';
import { tlsProblems } from './tls-fields.ts';

const DEFAULT_FILE = './tokenrouter.yaml';
/** Names of the client side, which may stand in the same environment. */
const CLIENT_NAMES = new Set(['TOKENROUTER_API_KEY', 'TOKENROUTER_BASE_URL']);

/** Reads a file's text; `undefined` when it does not exist. */
export type ReadFile = (path: string) => string | undefined;

/** All settings from the environment and the configuration file. Throws `ConfigError` listing every problem found. */
export function readConfig(variables: Variables, readFile: ReadFile): Config {
  const environment = readEnvironment(variables);
  const mode = environment.TOKENROUTER_MODE ?? (isLoopback(environment.HOST) ? 'development' : 'production');
  return {
    environment,
    mode,
    logLevel: environment.TOKENROUTER_LOG_LEVEL ?? defaultLogLevel,
    file: readConfigFile(environment, variables, readFile),
  };
}

function readEnvironment(variables: Variables): Environment {
  const known = Object.keys(Environment.shape);
  const unknown = Object.keys(variables).filter(
    (name) => name.startsWith('TOKENROUTER_') && !known.includes(name) && !CLIENT_NAMES.has(name),
  );
  const present = Object.fromEntries(
    known.map((name) => [name, variables[name]]).filter(([, value]) => value !== undefined),
  );
  const parsed = Environment.safeParse(present);
  const problems = [
    ...unknown.map((name) => `${name}: there is no such setting; the known ones are ${known.join(', ')}`),
    ...(parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    ...tlsProblems(parsed.data ?? {}),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
}

function readConfigFile(environment: Environment, variables: Variables, readFile: ReadFile): Config['file'] {
  const path = environment.TOKENROUTER_CONFIG ?? DEFAULT_FILE;
  const text = readFile(path);
  if (text === undefined) {
    if (environment.TOKENROUTER_CONFIG === undefined)
      return {
        ...ConfigFile.parse({}),
        path: undefined,
        literalSecrets: [],
        environmentSecrets: new Map(),
      };
    throw new ConfigError([
      `TOKENROUTER_CONFIG: there is no file at ${path}; correct the path or remove the setting`,
    ]);
  }
  const yaml = readYaml(text, path);
  const resolved = resolveReferences(yaml.value, variables);
  const sentence = (at: readonly PropertyKey[], message: string) =>
    `${path} line ${yaml.lineOf(at)}: ${at.length === 0 ? '' : `${nameOf(at)}: `}${message}`;
  const unresolved = resolved.problems.map((problem) => sentence(problem.path, problem.message));
  if (unresolved.length > 0) throw new ConfigError(unresolved);
  const parsed = ConfigFile.safeParse(resolved.value);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.flatMap((issue) => sentences(issue, sentence)));
  const files = readCredentialFiles(parsed.data.providers, readFile);
  const file = { ...parsed.data, providers: files.providers };
  const found = files.problems.length > 0 ? files.problems : crossProblems(file, variables);
  if (found.length > 0) throw new ConfigError(found.map(([at, message]) => sentence(at, message)));
  const literalSecrets = findLiteralSecrets(yaml.value).map((at) => sentence(at, '').replace(/: $/, ''));
  return { ...file, path, literalSecrets, environmentSecrets: environmentSecrets(file, variables) };
}

type Sentence = (at: readonly PropertyKey[], message: string) => string;

function sentences(issue: z.core.$ZodIssue, sentence: Sentence): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      sentence([...issue.path, key], 'there is no such setting; remove it or correct its name'),
    );
  }
  return [sentence(issue.path, issue.message)];
}

/** What the environment holds for `secret_refs`. Every variable is there: the file passed its checks. */
function environmentSecrets({ secret_refs }: ConfigFile, variables: Variables): Map<string, Secret> {
  const names = Object.values(secret_refs).flatMap(({ env }) => env ?? []);
  return new Map(names.map((name) => [name, new Secret((variables[name] ?? '').trim())]));
}

type Problem = [path: PropertyKey[], message: string];

/** What no single field can tell: double ids, providers that lack an address or a key, models of nobody. */
function crossProblems(file: ConfigFile, variables: Variables): Problem[] {
  const ids = file.providers.map((entry) => entry.id);
  const doubles = ids.flatMap((id, at): Problem[] =>
    ids.indexOf(id) === at ? [] : [[['providers', at, 'id'], `"${id}" is there twice; give each its own id`]],
  );
  const strangers = file.models.flatMap(({ id }, at): Problem[] => {
    const provider = id.split('/')[0] ?? '';
    const message = `"${provider}" is not a configured provider; write provider_id/model`;
    return ids.includes(provider) ? [] : [[['models', at, 'id'], message]];
  });
  const keys = file.providers.flatMap(({ api_key }, at) =>
    keyProblems(api_key, file.secret_refs).map(
      ([path, message]): Problem => [['providers', at, 'api_key', ...path], message],
    ),
  );
  const refs = secretRefProblems(file.secret_refs, variables);
  return [
    ...doubles,
    ...refs,
    ...keys,
    ...file.providers.flatMap(providerProblems),
    ...strangers,
    ...limitProblems(file),
    ...signInProblems(file.sign_in),
    ...mailProblems(file.mail).map(([path, message]): Problem => [['mail', ...path], message]),
  ];
}

function providerProblems(entry: ConfigFile['providers'][number], at: number): Problem[] {
  const { id, kind = id } = entry;
  const cloud = findCloudProblems(entry);
  if (cloud !== undefined) {
    return cloud.map(({ field, message }): Problem => [['providers', at, field], message]);
  }
  const known = findKnownProvider(kind);
  if (entry.kind !== undefined && known === undefined && findCloud(kind) === undefined) {
    const message = `there is no known provider "${kind}"; remove it, or write ${cloudKinds.join(', ')} or another`;
    return [[['providers', at, 'kind'], message]];
  }
  const missing = (['dialect', 'base_url'] as const).filter(
    (field) => known === undefined && entry[field] === undefined,
  );
  if (missing.length > 0) {
    const message = `"${id}" is not a known provider, so it needs ${missing.join(' and ')}`;
    return [[['providers', at], message]];
  }
  const needsKey = known !== undefined && known.auth !== 'none' && entry.base_url === undefined;
  if (needsKey && entry.api_key === undefined) {
    const variable = `${id.toUpperCase().replaceAll('-', '_')}_API_KEY`;
    return [[['providers', at], `"${id}" needs api_key, for example \${${variable}}`]];
  }
  try {
    readProvider(entry);
    return [];
  } catch (error) {
    return [[['providers', at, 'base_url'], error instanceof Error ? error.message : String(error)]];
  }
}

const nameOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('');

const defaultLogLevel = 'warn';
