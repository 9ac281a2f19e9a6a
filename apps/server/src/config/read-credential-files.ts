type Entry = { credentials?: string | undefined; credentials_file?: string | undefined };
type Problem = [path: PropertyKey[], message: string];

/** Each provider with the text of its credentials file in the place of the path, and what was wrong with the files. */
export function readCredentialFiles<Provider extends Entry>(
  providers: readonly Provider[],
  readFile: (path: string) => string | undefined,
): { providers: Provider[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const read = providers.map((provider, at): Provider => {
    const { credentials_file: path, ...rest } = provider;
    if (path === undefined) return provider;
    const fail = (message: string): void => {
      problems.push([['providers', at, 'credentials_file'], message]);
    };
    if (provider.credentials !== undefined) fail('cannot stand beside credentials; keep one of the two');
    const credentials = readFile(path);
    if (credentials === undefined) fail(`there is no file at ${path}; correct the path`);
    return { ...rest, credentials } as Provider;
  });
  return { providers: read, problems };
}
