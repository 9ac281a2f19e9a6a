import { GatewayError } from '@app/protocol';
import type { RelyingParty } from '../../../identity/relying-party.ts';
import type { ApiRequest } from '../operation.ts';

/** For whom a request's passkeys are. Throws a sentence where browsers make none. */
export function getPartyOf(findParty: (request: ApiRequest) => RelyingParty | undefined) {
  return (request: ApiRequest): RelyingParty => {
    const party = findParty(request);
    if (party !== undefined) return party;
    const message =
      'Browsers use passkeys only under a name, and over https or on localhost: set TOKENROUTER_PUBLIC_URL to such an address.';
    throw new GatewayError('conflict', message, { retryable: false });
  };
}
