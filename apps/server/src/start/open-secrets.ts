import { ConfigError } from '../config/config-error.ts';
import type { Variables } from '../config/resolve-references.ts';
import type { Config } from '../config.ts';
import { type DataKeyName, loadDataKeys } from '../secrets/data-keys.ts';
import { findRemoteKey } from '../secrets/find-remote-key.ts';
import { loadMasterKey } from '../secrets/master-key.ts';

export type OpenSecrets = {
  masterKey: Buffer;
  dataKeys: { [name in DataKeyName]: Buffer };
  /** Where a master key was just made; the person should keep a copy. */
  newMasterKeyPath: string | undefined;
};

/** The master key and the keys it wraps. Throws `ConfigError` with the remedy when one cannot be used. */
export async function openSecrets(config: Config, variables: Variables): Promise<OpenSecrets> {
  const master = await findMasterKey(config, variables);
  const data = await loadDataKeys(config.environment.TOKENROUTER_DATA_DIR, master.key);
  if (!data.ok) throw new ConfigError([data.problem]);
  return {
    masterKey: master.key,
    dataKeys: data.keys,
    newMasterKeyPath: master.isNew ? master.path : undefined,
  };
}

/** The master key alone, for commands that read no data folder. */
export async function findMasterKey(config: Config, variables: Variables) {
  const { environment, mode } = config;
  const remote = findRemoteKey(config, variables);
  if (!remote.ok) throw new ConfigError([remote.problem]);
  const master = await loadMasterKey({
    given: environment.TOKENROUTER_MASTER_KEY,
    file: environment.TOKENROUTER_MASTER_KEY_FILE,
    remote: remote.value,
    configHome: variables.XDG_CONFIG_HOME,
    home: variables.HOME,
    mode,
    dataDir: environment.TOKENROUTER_DATA_DIR,
  });
  if (!master.ok) throw new ConfigError([master.problem]);
  return master;
}
