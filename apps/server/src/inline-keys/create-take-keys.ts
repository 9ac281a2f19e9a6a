import type { IncomingHttpHeaders } from 'node:http';
import type { Asked, CallerKeys, KeyModeAsked, Outcome, Principal } from '@app/gateway';
import { GatewayError } from '@app/protocol';
import type { InlineKeys } from './open-inline-keys.ts';
import { PROVIDER_KEYS_HEADER, providerKeysFault } from './provider-keys-fault.ts';
import { KEY_MODE_HEADER, readKeyMode } from './read-key-mode.ts';

/** What a call brings along besides its body. */
export type Brought = Pick<Asked, 'callerKeys' | 'warnings'>;

type KeyRequest = {
  headers: IncomingHttpHeaders;
  principal: Principal;
  /** What the body said. */
  keyMode?: KeyModeAsked | undefined;
  /** Whether the caller closed its connection; then it gets no answer. */
  hasLeft: () => boolean;
};

/** Reads whose keys a call may use, and opens those it brought. A call that says nothing of it is answered before this returns. */
export type TakeKeys = (request: KeyRequest, done: (brought: Outcome<Brought>) => void) => void;

const IGNORED_FOR_TEST = 'X-TR-Provider-Keys was ignored: the sandbox answers test keys.';
const IGNORED_FOR_STORED = 'X-TR-Provider-Keys was ignored: key_mode is stored.';

export function createTakeKeys(inlineKeys: Pick<InlineKeys, 'open'> | undefined): TakeKeys {
  return (request, done) => {
    const { hasLeft, principal } = request;
    const mode = modeOf(request);
    const asked = mode.ok ? mode.value : undefined;
    const envelope = mode.ok ? findEnvelope(request, asked) : mode;
    if (!envelope.ok) {
      done(envelope);
      return;
    }
    const { value } = envelope;
    if (typeof value !== 'string') done({ ok: true, value });
    else if (inlineKeys === undefined) done({ ok: false, error: switchedOff() });
    else {
      inlineKeys.open(value, principal.keyId).then(
        (opened) => hasLeft() || done(withMode(opened, asked ?? 'auto')),
        (cause: unknown) => hasLeft() || done({ ok: false, error: unforeseen(cause) }),
      );
    }
  };
}

/** The envelope to open; or what there is to say where none is. */
function findEnvelope(
  { headers, principal }: KeyRequest,
  mode: KeyModeAsked | undefined,
): Outcome<string | Brought> {
  const { [PROVIDER_KEYS_HEADER]: header } = headers;
  if (principal.mode === 'test' || mode === 'stored') {
    const warning = principal.mode === 'test' ? IGNORED_FOR_TEST : IGNORED_FOR_STORED;
    return { ok: true, value: header === undefined ? NOTHING : { warnings: [warning] } };
  }
  if (header === undefined) {
    return mode === 'inline' ? { ok: false, error: noHeader() } : { ok: true, value: NOTHING };
  }
  if (typeof header === 'string' && header !== '') return { ok: true, value: header };
  return { ok: false, error: providerKeysFault('must be sent once and hold an envelope') };
}

const NOTHING: Brought = {};

function withMode(opened: Outcome<CallerKeys['byProvider']>, mode: KeyModeAsked): Outcome<Brought> {
  return opened.ok ? { ok: true, value: { callerKeys: { mode, byProvider: opened.value } } } : opened;
}

/** The body's word and the header's must not contradict each other. */
function modeOf({ headers, keyMode }: KeyRequest): Outcome<KeyModeAsked | undefined> {
  const { [KEY_MODE_HEADER]: header } = headers;
  if (header === undefined) return { ok: true, value: keyMode };
  const read = readKeyMode(String(header), KEY_MODE_HEADER);
  if (!read.ok || keyMode === undefined || keyMode === read.value) return read;
  const message = '`x-tr-key-mode` says something else than `key_mode` in the body.';
  const detail = { param: KEY_MODE_HEADER, retryable: false };
  return { ok: false, error: new GatewayError('invalid_parameter', message, detail) };
}

function noHeader(): GatewayError {
  return providerKeysFault(
    'is missing, and key_mode is inline: send your provider keys in it, or choose another key_mode',
    'missing_parameter',
  );
}

function switchedOff(): GatewayError {
  return providerKeysFault(
    'is not accepted here: the operator has switched inline keys off. Leave the header out to use stored keys',
    'unsupported_parameter',
  );
}

function unforeseen(cause: unknown): GatewayError {
  const message = 'X-TR-Provider-Keys cannot be opened now. Try again soon.';
  return new GatewayError('store_unavailable', message, { cause, retryAfterS: 5 });
}
