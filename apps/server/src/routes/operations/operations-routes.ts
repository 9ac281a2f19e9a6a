import type { FastifyInstance } from 'fastify';

export type OperationsDeps = {
  version: string;
  nowMs: () => number;
  /** What must be reachable before calls are sent here, by name; each resolves when it is and rejects when it is not. */
  checks: { readonly [name: string]: () => Promise<void> };
  checkTimeoutMs: number;
  /** More about this process in the answer of `/ready`, which changes nothing of whether it is ready. */
  details?: () => { readonly [name: string]: string };
  /** Where to report a weakness (RFC 9116); absent = the file is not served. */
  securityContact?: string | undefined;
};

/** `/health` (this process is alive), `/ready` (its stores answer) and `/.well-known/security.txt`. */
export function operationsRoutes(deps: OperationsDeps): (app: FastifyInstance) => void {
  const { version, nowMs, securityContact } = deps;
  const findStates = createShared(() => runChecks(deps));
  return (app) => {
    app.get('/health', () => ({ status: 'ok', version, timestamp: new Date(nowMs()).toISOString() }));

    app.get('/ready', async (_request, reply) => {
      const checks = await findStates();
      const isReady = Object.values(checks).every((state) => state === 'ok');
      const retryAfter = isReady ? {} : { 'retry-after': '1' };
      return reply
        .code(isReady ? 200 : 503)
        .headers({ 'cache-control': 'no-store', ...retryAfter })
        .send({ status: isReady ? 'ready' : 'unready', checks, ...deps.details?.() });
    });

    if (securityContact === undefined) return;
    app.get('/.well-known/security.txt', (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(securityText(securityContact, nowMs())),
    );
  };
}

type CheckState = 'ok' | 'failed';

async function runChecks({
  checks,
  checkTimeoutMs,
}: OperationsDeps): Promise<{ [name: string]: CheckState }> {
  const states = Object.entries(checks).map(async ([name, check]): Promise<[string, CheckState]> => {
    try {
      await withTimeout(check(), checkTimeoutMs);
      return [name, 'ok'];
    } catch {
      return [name, 'failed'];
    }
  });
  return Object.fromEntries(await Promise.all(states));
}

/** Whoever asks while an answer is on its way gets the same one, so that no crowd of strangers can keep the stores busy. */
function createShared<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

function withTimeout(work: Promise<void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too slow')), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const DAY_MS = 86_400_000;

/** The standard asks for an end date under a year away, and the file is made anew each time. */
function securityText(contact: string, nowMs: number): string {
  const expires = new Date(nowMs + 180 * DAY_MS).toISOString();
  return `Contact: ${contact}\nExpires: ${expires}\nPreferred-Languages: en\n`;
}
