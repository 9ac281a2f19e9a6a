/** Which hosts the operator allows to be private: `isListed` takes a URL's host name and port. */
export type AllowedHosts = { isListed(hostname: string, port: string): boolean };

/**
 * Reads `allow_private_hosts`: host names or literal addresses, each with an optional port (absent = every port).
 * Throws an `Error` naming the first entry that is not one.
 */
export function parseAllowedHosts(entries: readonly string[]): AllowedHosts {
  const listed = new Set(entries.map(canonicalEntry));
  return {
    isListed(hostname, port) {
      const host = canonicalHost(hostname);
      return listed.has(host) || listed.has(`${host}:${port}`);
    },
  };
}

/** A host name as the URL standard writes it, without brackets and without a final dot. */
function canonicalHost(hostname: string): string {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return bare.toLowerCase().replace(/\.$/, '');
}

/** The URL parser does the spelling: `127.1`, upper case and other scripts become what a base URL becomes. */
function canonicalEntry(entry: string): string {
  const isBareV6 = entry.includes('::') && !entry.includes('[');
  const text = `ws://${isBareV6 ? `[${entry}]` : entry}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || /[/?#@\\\s*]/.test(entry)) {
    throw new Error(
      `allow_private_hosts: "${entry}" is not a host name or an address with an optional port.`,
    );
  }
  const host = canonicalHost(url.hostname);
  const port = /:(\d+)$/.exec(isBareV6 ? '' : entry)?.[1];
  return port === undefined ? host : `${host}:${Number(port)}`;
}
