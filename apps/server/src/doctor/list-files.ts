import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Variables } from '../config/resolve-references.ts';
import type { Config } from '../config.ts';
import type { FileFact } from './facts.ts';

/** Files and folders that only the server's account should read, as far as they exist. */
export function listFiles({ environment, file }: Config, variables: Variables): FileFact[] {
  const configHome = variables.XDG_CONFIG_HOME ?? join(variables.HOME ?? '', '.config');
  const places: [string | undefined, string][] = [
    [environment.TOKENROUTER_DATA_DIR, 'the stores and the spool'],
    [environment.TOKENROUTER_MASTER_KEY_FILE ?? join(configHome, 'tokenrouter/master.key'), 'the master key'],
    [environment.TOKENROUTER_TLS_KEY_FILE, 'the private key of its certificate'],
    [file.literalSecrets.length > 0 ? file.path : undefined, 'provider keys as plain text'],
  ];
  return places.flatMap(([path, holds]) =>
    path !== undefined && existsSync(path) ? [{ path, holds, mode: statSync(path).mode }] : [],
  );
}
