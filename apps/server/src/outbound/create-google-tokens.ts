import { GatewayError, isObject, parseJson } from '@app/protocol';
import { type GoogleAuth, Secret, writeTokenRequest } from '@app/providers';
import type { AllowedHosts } from './allowed-hosts.ts';
import type { PostForm } from './post-form.ts';

export type GoogleTokens = {
  /** A token that is still good; when it is getting old, another is fetched meanwhile, so that no call waits for one. */
  find(auth: GoogleAuth): Secret | undefined;
  /** Fetches one; whoever asks in the meantime gets the same. Rejects with a `GatewayError` that holds no secret. */
  get(auth: GoogleAuth): Promise<Secret>;
  /** This token was refused. */
  forget(auth: GoogleAuth, token: Secret): void;
};

export type GoogleTokensDeps = { postForm: PostForm; nowMs: () => number; allowedHosts: AllowedHosts };

type Entry = {
  token: Secret | undefined;
  refreshAtMs: number;
  expiresAtMs: number;
  fetching: Promise<Secret> | undefined;
  /** A refusal is repeated for a moment, so that a wrong key is not presented with every call. */
  failure: { error: unknown; untilMs: number } | undefined;
};

const TOKEN_URI = 'https://oauth2.googleapis.com/token';
const FAILURE_WAIT_MS = 2_000;
/** Clocks differ, and a request takes its time. */
const EXPIRY_MARGIN_MS = 30_000;
/** When this part of a token's life is over, the next one is fetched. */
const REFRESH_AFTER = 0.8;

/** Access tokens of service accounts, kept until shortly before they expire, one per credential. */
export function createGoogleTokens({ postForm, nowMs, allowedHosts }: GoogleTokensDeps): GoogleTokens {
  const entries = new WeakMap<GoogleAuth, Entry>();

  const entryOf = (auth: GoogleAuth): Entry => {
    const known = entries.get(auth);
    if (known !== undefined) return known;
    const entry = {
      token: undefined,
      refreshAtMs: 0,
      expiresAtMs: 0,
      fetching: undefined,
      failure: undefined,
    };
    entries.set(auth, entry);
    return entry;
  };

  const fetchToken = async (auth: GoogleAuth, entry: Entry): Promise<Secret> => {
    try {
      const askedAtMs = nowMs();
      const { token, lifetimeMs } = await ask(auth, askedAtMs);
      entry.token = token;
      entry.refreshAtMs = askedAtMs + lifetimeMs * REFRESH_AFTER;
      entry.expiresAtMs = askedAtMs + lifetimeMs - EXPIRY_MARGIN_MS;
      entry.failure = undefined;
      return token;
    } catch (error) {
      entry.failure = { error, untilMs: nowMs() + FAILURE_WAIT_MS };
      throw error;
    } finally {
      entry.fetching = undefined;
    }
  };

  const ask = async (auth: GoogleAuth, atMs: number): Promise<Granted> => {
    const { tokenUri, form } = readable(() => writeTokenRequest(auth, atMs));
    const { status, body } = await postForm(checkedUri(tokenUri, allowedHosts), form).catch(unanswered);
    if (status !== 200) throw refused(status, body);
    return readGrant(body);
  };

  const get = (auth: GoogleAuth): Promise<Secret> => {
    const entry = entryOf(auth);
    const { failure } = entry;
    if (failure !== undefined && nowMs() < failure.untilMs) return Promise.reject(failure.error);
    entry.fetching ??= fetchToken(auth, entry);
    return entry.fetching;
  };

  return {
    get,
    find(auth) {
      const { token, refreshAtMs, expiresAtMs } = entryOf(auth);
      const now = nowMs();
      if (token === undefined || now >= expiresAtMs) return undefined;
      // Whoever needs the new token hears of a failure; this caller has one that is good.
      if (now >= refreshAtMs) get(auth).catch(() => {});
      return token;
    },
    forget(auth, token) {
      const entry = entryOf(auth);
      if (entry.token === token) entry.token = undefined;
    },
  };
}

function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw failed(`The provider's credential cannot be used: ${why}.`, false);
  }
}

/** The address stands in the key file: only Google's own, or a host that the operator listed, gets the assertion. */
function checkedUri(tokenUri: string, allowedHosts: AllowedHosts): URL {
  const url = URL.parse(tokenUri);
  const port = url?.port || (url?.protocol === 'http:' ? '80' : '443');
  if (url !== null && (url.href === TOKEN_URI || allowedHosts.isListed(url.hostname, port))) return url;
  const remedy = `is neither ${TOKEN_URI} nor on a host that allow_private_hosts lists`;
  throw failed(`The token_uri of the provider's credential ${remedy}.`, false);
}

/** Without the address, which is nobody's business but the operator's. */
function unanswered(cause: unknown): never {
  const error = cause instanceof GatewayError ? cause : undefined;
  const sentence = "The provider's token service could not be reached.";
  const retryable = error?.detail.retryable ?? true;
  throw new GatewayError('provider_failed', sentence, { retryable, cause });
}

function refused(status: number, body: string): GatewayError {
  const answer = parseJson(body);
  const code = isObject(answer) && typeof answer.error === 'string' ? answer.error : '';
  const word = /^[a-z_]{1,40}$/.test(code) ? `, ${code}` : '';
  const sentence = `The provider's token service refused our credential (${status}${word}).`;
  return failed(sentence, status >= 500 || status === 429);
}

type Granted = { token: Secret; lifetimeMs: number };

const TOKEN = /^[\x21-\x7e]{1,8192}$/;
const LIFETIME_S_DEFAULT = 300;
const LIFETIME_S_MAX = 86_400;

function readGrant(body: string): Granted {
  const answer = parseJson(body);
  if (!isObject(answer) || typeof answer.access_token !== 'string' || !TOKEN.test(answer.access_token)) {
    throw failed("The provider's token service answered without a token.", true);
  }
  const said = typeof answer.expires_in === 'number' ? answer.expires_in : LIFETIME_S_DEFAULT;
  const lifetimeS = Math.min(Math.max(said, 0), LIFETIME_S_MAX);
  return { token: new Secret(answer.access_token), lifetimeMs: lifetimeS * 1_000 };
}

function failed(sentence: string, retryable: boolean): GatewayError {
  return new GatewayError('provider_failed', sentence, { retryable });
}
