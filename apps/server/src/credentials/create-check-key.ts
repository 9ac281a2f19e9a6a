import type { ProviderCredentialCheck } from '@app/contract';
import type { Schedule, Send } from '@app/gateway';
import { GatewayError, providerDialects } from '@app/protocol';
import { createSecretSwap, type Provider, type Secret } from '@app/providers';

/** Asks a provider whether it takes a key, in at most four small requests, none of which makes a model work. */
export type CheckKey = (key: {
  place: { row: Provider };
  secret: Secret;
}) => Promise<ProviderCredentialCheck>;

export type CheckKeyDeps = { send: Send; schedule: Schedule };

/** What came of one request: a status, or why there was none. */
type Answer = { status: number } | { failure: string };

type Probe = { method: 'GET' | 'POST'; path: string; body: string };

const TIMEOUT_MS = 10_000;
const REFUSALS: ReadonlySet<number> = new Set([401, 403]);

/**
 * Each request is made with the key and, where the answer says yes, once more without it: a provider that says yes to
 * everybody has said nothing about the key.
 */
export function createCheckKey(deps: CheckKeyDeps): CheckKey {
  return async ({ place: { row }, secret }) => {
    const keyed = createSecretSwap(secret)(row);
    const bare: Provider = { ...row, auth: { kind: 'none' } };
    for (const probe of probesOf(row)) {
      const answer = await ask(deps, keyed, probe);
      if ('failure' in answer) return { ok: null, message: answer.failure };
      const said = readStatus(row.id, answer.status);
      if (said !== undefined) return said;
      const unkeyed = await ask(deps, bare, probe);
      if ('status' in unkeyed && REFUSALS.has(unkeyed.status)) {
        return { ok: true, message: `${row.id} took the key.` };
      }
    }
    const message = `${row.id} answers the same with and without a key, so that only a real call can tell.`;
    return { ok: null, message };
  };
}

/** Undefined where the answer alone does not tell. */
function readStatus(id: string, status: number): ProviderCredentialCheck | undefined {
  if (REFUSALS.has(status)) return { ok: false, message: `${id} refused the key (${status}).` };
  if (status === 402) return { ok: false, message: `${id} took the key, but its account is empty (402).` };
  if (status === 429) return { ok: true, message: `${id} knows the key and limits it now (429).` };
  if (status >= 500) return { ok: null, message: `${id} cannot answer now (${status}). Try again later.` };
  return undefined;
}

/** The list of models, then a call without content, which is refused for what it lacks only after its key was looked at. */
function probesOf({ dialect, paths }: Provider): Probe[] {
  const { outbound } = providerDialects[dialect];
  const path = (paths ?? outbound.paths).whole.replaceAll('{model}', 'none');
  const empty: Probe = { method: 'POST', path, body: '{}' };
  return paths === undefined && dialect !== 'bedrock-converse'
    ? [{ method: 'GET', path: '/models', body: '' }, empty]
    : [empty];
}

function ask({ send, schedule }: CheckKeyDeps, provider: Provider, probe: Probe): Promise<Answer> {
  return new Promise((resolve) => {
    const headers = {
      ...provider.headers,
      accept: 'application/json',
      ...(probe.body === '' ? {} : { 'content-type': 'application/json' }),
    };
    const settle = (answer: Answer): void => {
      cancelTimer();
      // The answer's body is nobody's business.
      sending.cancel();
      resolve(answer);
    };
    const sending = send(
      { provider, mode: 'live', ...probe, headers },
      {
        onHead: (status) => queueMicrotask(() => settle({ status })),
        onChunk: () => undefined,
        onEnd: () => undefined,
        onError: (error) => queueMicrotask(() => settle({ failure: sentenceOf(error, provider.id) })),
      },
    );
    const cancelTimer = schedule(TIMEOUT_MS, () =>
      settle({ failure: `${provider.id} did not answer within ${TIMEOUT_MS / 1_000} s.` }),
    );
  });
}

function sentenceOf(error: unknown, id: string): string {
  return error instanceof GatewayError && error.code !== 'internal_error'
    ? error.message
    : `${id} could not be asked.`;
}
