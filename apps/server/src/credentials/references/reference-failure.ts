import { GatewayError } from '@app/protocol';

/** Why a reference gave nothing, in a sentence that names no secret and no address. */
export class ReferenceFailure extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'ReferenceFailure';
  }
}

/** What kept an answer from coming: our own refusal to connect, a wait that was too long, or the network. */
export function unanswered(who: string): (cause: unknown) => never {
  return (cause) => {
    const isGuarded = cause instanceof GatewayError && cause.detail.retryable === false;
    const why = isGuarded
      ? 'may not be reached: its host has to be https, or be listed under allow_private_hosts'
      : 'could not be reached';
    throw new ReferenceFailure(`${who} ${why}.`, cause);
  };
}
