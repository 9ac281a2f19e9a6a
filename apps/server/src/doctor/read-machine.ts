import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { World } from '../cli/world.ts';
import type { Variables } from '../config/resolve-references.ts';
import type { Config, Environment } from '../config.ts';
import { readCertificate } from '../http/read-certificate.ts';
import type { CertificateFact, Facts, MasterKeyFact, RuntimeFact } from './facts.ts';
import { listFiles, listOpenFolders, ownKeyPath } from './list-files.ts';

export type MachineWorld = Pick<World, 'variables' | 'runtime'>;
type MachineFacts = Pick<Facts, 'files' | 'openFolders' | 'masterKey' | 'certificate' | 'runtime'>;

/** What settings, files and the process itself tell, without asking anybody. */
export function readMachine(config: Config, { variables, runtime }: MachineWorld): MachineFacts {
  return {
    files: listFiles(config, variables),
    openFolders: listOpenFolders(config, variables),
    masterKey: readMasterKey(config.environment, variables),
    certificate: readCertificateFact(config.environment),
    runtime: runtime === undefined ? undefined : readRuntime(runtime, variables),
  };
}

/** Fewer different bytes than this among 32 are no chance: at random there are 30. */
const DISTINCT_BYTES_MIN = 16;

function readMasterKey(environment: Environment, variables: Variables): MasterKeyFact {
  const { TOKENROUTER_MASTER_KEY: given, TOKENROUTER_MASTER_KEY_REF: ref } = environment;
  if (given !== undefined) return { from: 'environment', isInsideData: false, isWeak: isWeak(given) };
  if (ref !== undefined || environment.TOKENROUTER_MASTER_KEY_WRAPPED !== undefined) {
    return { from: 'elsewhere', isInsideData: false, isWeak: false };
  }
  const path = ownKeyPath(environment, variables);
  const way = relative(resolve(environment.TOKENROUTER_DATA_DIR), resolve(path));
  const text = readText(path);
  return {
    from: 'file',
    path,
    isInsideData: text !== undefined && way !== '..' && !way.startsWith(`..${sep}`),
    isWeak: text !== undefined && isWeak(text),
  };
}

function isWeak(text: string): boolean {
  const key = /^[0-9a-f]{64}$/i.test(text.trim())
    ? Buffer.from(text.trim(), 'hex')
    : Buffer.from(text.trim(), 'base64');
  return new Set(key).size < DISTINCT_BYTES_MIN;
}

function readCertificateFact(environment: Environment): CertificateFact | undefined {
  const { TOKENROUTER_TLS_CERT_FILE: certFile, TOKENROUTER_TLS_KEY_FILE: keyFile } = environment;
  if (certFile === undefined || keyFile === undefined) return undefined;
  const read = readCertificate({ certFile, keyFile, minVersion: 'TLSv1.3' });
  return read.ok
    ? { file: certFile, expiresAtMs: read.expiresAtMs }
    : { file: certFile, problem: read.problem };
}

/** What of the environment makes Node or its libraries tell more than they should. */
const TELLING = ['NODE_TLS_REJECT_UNAUTHORIZED', 'SSLKEYLOGFILE', 'NODE_DEBUG', 'NODE_DEBUG_NATIVE', 'DEBUG'];

function readRuntime(runtime: NonNullable<World['runtime']>, variables: Variables): RuntimeFact {
  const { nodeVersion, uid, execArgv } = runtime;
  const set = TELLING.flatMap((name) => {
    const value = variables[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return {
    nodeVersion,
    uid,
    options: [...execArgv, ...(variables.NODE_OPTIONS ?? '').split(/\s+/).filter((option) => option !== '')],
    variables: Object.fromEntries(set),
    dumpsMemory: dumpsMemory(),
    swap: listSwap(),
  };
}

/** On Linux: whether core files may be written, and hold any of our memory (core(5)). */
function dumpsMemory(): boolean {
  const limit = /^Max core file size\s+(\S+)/m.exec(readText('/proc/self/limits') ?? '')?.[1];
  const filter = readText('/proc/self/coredump_filter')?.trim();
  return limit !== undefined && limit !== '0' && filter !== undefined && Number.parseInt(filter, 16) !== 0;
}

/** Swap that is neither compressed memory nor behind the device mapper, where encryption lives. */
function listSwap(): string[] {
  const [, ...lines] = (readText('/proc/swaps') ?? '').trim().split('\n');
  return lines
    .flatMap((line) => line.split(/\s+/)[0] ?? [])
    .filter((place) => place !== '' && !/^\/dev\/(zram|dm-|mapper\/)/.test(place));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
