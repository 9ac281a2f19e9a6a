import { type FakeUpstream, openFakeUpstream, playsOpenAi } from '@app/testkit';

/** How a key is taken: it is unless a status says otherwise. */
type Taking = { status: number; retryAfter?: number };

export type KeyedUpstream = {
  /** With the version part. */
  baseUrl: string;
  upstream: FakeUpstream;
  /** From now on this key is refused so; without a status it is good again. */
  take(secret: string, taking?: Taking): void;
  /** The keys of the calls since the last time this was asked, in order. */
  keys(): string[];
  close(): Promise<void>;
};

/** A provider on a real socket that looks at the key of every call. Keys that it was not told of are unknown to it. */
export async function openKeyedUpstream(...known: string[]): Promise<KeyedUpstream> {
  const takings = new Map<string, Taking | undefined>(known.map((secret) => [secret, undefined]));
  const says = playsOpenAi({ text: 'Answered.' });
  let seen = 0;
  const upstream = await openFakeUpstream((response, request) => {
    const secret = secretOf(request.headers.authorization);
    const taking = takings.has(secret) ? takings.get(secret) : { status: 401 };
    const isCall = request.path.endsWith('/chat/completions') && request.json?.messages !== undefined;
    if (taking === undefined) {
      if (isCall) return says(response, request);
      const status = request.method === 'GET' ? 200 : 400;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
      return;
    }
    const headers = taking.retryAfter === undefined ? {} : { 'retry-after': String(taking.retryAfter) };
    response
      .writeHead(taking.status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message: 'Not with this key.', type: 'x', code: null, param: null } }));
  });
  return {
    baseUrl: `${upstream.url}/v1`,
    upstream,
    take: (secret, taking) => void takings.set(secret, taking),
    keys: () => {
      const fresh = upstream.requests.slice(seen).filter(({ json }) => json?.messages !== undefined);
      seen = upstream.requests.length;
      return fresh.map(({ headers }) => secretOf(headers.authorization));
    },
    close: () => upstream.close(),
  };
}

function secretOf(authorization: string | undefined): string {
  return (authorization ?? '').replace('Bearer ', '');
}
