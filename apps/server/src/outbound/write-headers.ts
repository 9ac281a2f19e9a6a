type Headers = { [name: string]: string };

/** What the connection itself decides, and what could carry somebody else's identity. */
const NEVER_SENT = new Set([
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]);

/**
 * The headers of a request to a provider, as a flat list of names and values, built anew: the operator's own for
 * this provider, then the call's, then the credential, which nothing before it can replace.
 */
export function writeHeaders(operators: Headers, calls: Headers, credential: Headers): string[] {
  const taken = new Map<string, string>([
    ['accept-encoding', 'identity'],
    ['user-agent', 'tokenrouter'],
  ]);
  copy(operators, taken);
  copy(calls, taken);
  for (const name in credential) taken.set(name.toLowerCase(), credential[name] ?? '');
  const list: string[] = [];
  for (const [name, value] of taken) list.push(name, value);
  return list;
}

function copy(headers: Headers, into: Map<string, string>): void {
  for (const name in headers) {
    const lower = name.toLowerCase();
    const value = headers[name];
    if (value !== undefined && !NEVER_SENT.has(lower)) into.set(lower, value);
  }
}
