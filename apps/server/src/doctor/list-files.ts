import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Variables } from '../config/resolve-references.ts';
import type { Config } from '../config.ts';
import type { FileFact, OpenFolderFact } from './facts.ts';

type Place = Pick<FileFact, 'path' | 'holds' | 'isMounted'>;

/** Files and folders that only the server's account should read, as far as they exist. */
export function listFiles(config: Config, variables: Variables): FileFact[] {
  return placesOf(config, variables).flatMap((place) => {
    const found = find(place.path);
    return found === undefined ? [] : [{ ...place, mode: found.mode, uid: found.uid }];
  });
}

/** Folders above those that everybody may write, and where they may take out what is not theirs. */
export function listOpenFolders(config: Config, variables: Variables): OpenFolderFact[] {
  const open = new Map<string, OpenFolderFact>();
  for (const { path: above } of placesOf(config, variables)) {
    if (find(above) === undefined) continue;
    for (let path = dirname(resolve(above)); ; path = dirname(path)) {
      const mode = find(path)?.mode ?? 0;
      // The sticky bit keeps others from what is not theirs, as in /tmp.
      if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0) open.set(path, { path, above });
      if (path === dirname(path)) break;
    }
  }
  return [...open.values()];
}

function placesOf({ environment, file }: Config, variables: Variables): Place[] {
  const dataDir = environment.TOKENROUTER_DATA_DIR;
  const secretFiles = Object.entries(file.secret_refs).flatMap(
    ([name, ref]): [string | undefined, string][] => [
      [ref.file, `the secret "${name}"`],
      [ref.vault?.token_file, `the login of "${name}"`],
    ],
  );
  const own: [string | undefined, string][] = [
    [dataDir, 'the stores and the spool'],
    [join(dataDir, 'keys'), 'the wrapped keys'],
    [ownKeyPath(environment, variables), 'the master key'],
    [file.literalSecrets.length > 0 ? file.path : undefined, 'provider keys as plain text'],
    [file.audit.anchors.file, 'the signed ends of audit chains'],
  ];
  const mounted: [string | undefined, string][] = [
    [environment.TOKENROUTER_TLS_KEY_FILE, 'the private key of the certificate'],
    [file.mail?.password_file, 'the password of the mail server'],
    ...secretFiles,
  ];
  return [...namedOf(own, false), ...namedOf(mounted, true)];
}

function namedOf(places: readonly [string | undefined, string][], isMounted: boolean): Place[] {
  return places.flatMap(([path, holds]) => (path === undefined ? [] : [{ path, holds, isMounted }]));
}

/** Where the master key is read from, when it is read from a file. */
export function ownKeyPath(environment: Config['environment'], variables: Variables): string {
  const configHome = variables.XDG_CONFIG_HOME ?? join(variables.HOME ?? '', '.config');
  return environment.TOKENROUTER_MASTER_KEY_FILE ?? join(configHome, 'tokenrouter/master.key');
}

function find(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}
