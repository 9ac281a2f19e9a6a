import { GatewayError } from '@app/protocol';

/** Who deals with keys: somebody signed in, or an API key of one project. Nobody: the operator, on the machine itself. */
export type CredentialActor = { id: string; kind: 'user' | 'key'; mode: 'live' | 'test' };

const NO_RETRY = { retryable: false };

/** What a test key does stays in test mode, where no provider's key is used. */
export function refuseTestKey(actor: CredentialActor | undefined): void {
  if (actor?.mode !== 'test') return;
  const message = "A test key cannot deal with providers' keys: no test call ever uses one.";
  throw new GatewayError('insufficient_permissions', message, NO_RETRY);
}

/** An API key belongs to one project: what other projects use is for people to change. */
export function refuseSharedChange(actor: CredentialActor | undefined, isShared: boolean): void {
  if (actor?.kind !== 'key' || !isShared) return;
  const message =
    "An API key belongs to one project and can change only that project's own provider keys. Sign in to change those that the whole organization uses.";
  throw new GatewayError('insufficient_permissions', message, NO_RETRY);
}

export function noCredential(): GatewayError {
  return new GatewayError('not_found', 'There is no such provider key in this project.', NO_RETRY);
}

export function invalid(param: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param, retryable: false });
}

export function nameTaken(): GatewayError {
  const message =
    'There is a key of this name for this provider already. Choose another name, or rotate that key.';
  return new GatewayError('conflict', message, { param: 'name', retryable: false });
}

export function tooMany(max: number): GatewayError {
  return new GatewayError('conflict', `An organization may keep ${max} provider keys.`, NO_RETRY);
}
