import { isIP } from 'node:net';
import type { NewDestination } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { isAddress } from '../mail/write-mail.ts';
import type { AllowedHosts } from '../outbound/allowed-hosts.ts';
import { parseBaseUrl } from '../outbound/base-url.ts';
import { classifyAddress } from '../outbound/classify-address.ts';
import type { Address } from './address.ts';

export type ReadAddressDeps = {
  allowedHosts: AllowedHosts;
  /** Whether there is a server that sends mail. */
  sendsMail: boolean;
  newSecret: () => string;
};

type Given = Pick<NewDestination, 'kind' | 'url' | 'emails'>;

/**
 * The address of a new destination; a webhook gets a secret of its own, or keeps `secret`. Throws a 400 for what cannot
 * be one. What a host name leads to is looked at when something is sent, every time.
 */
export function readAddress(deps: ReadAddressDeps, given: Given, secret?: string): Address {
  const { kind, url, emails } = given;
  if (kind === 'email') {
    if (url !== undefined) throw invalid('url', 'An e-mail destination has emails and no url.');
    if (emails === undefined) throw invalid('emails', 'Give the e-mail addresses as emails.');
    if (!deps.sendsMail) {
      throw invalid('kind', 'No mail server is configured: the operator sets "mail" in tokenrouter.yaml.');
    }
    const wrong = emails.find((each) => !isAddress(each));
    if (wrong !== undefined) throw invalid('emails', 'One of the emails is not an e-mail address.');
    return { kind, emails: [...new Set(emails)] };
  }
  if (emails !== undefined) throw invalid('emails', `A ${kind} destination has a url and no emails.`);
  if (url === undefined) throw invalid('url', 'Give the address that messages are posted to as url.');
  const checked = checkUrl(url, deps.allowedHosts);
  return kind === 'slack'
    ? { kind, url: checked }
    : { kind, url: checked, secret: secret ?? deps.newSecret() };
}

/** HTTPS, without a password in it, and no literal address of a private network, unless the operator listed the host. */
function checkUrl(text: string, allowedHosts: AllowedHosts): string {
  try {
    parseBaseUrl(text, allowedHosts);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw invalid('url', error.message.replace("The provider's base_url", 'The url'));
  }
  const url = new URL(text);
  if (url.pathname.includes('..')) throw invalid('url', 'The url has ".." in its path.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const isForbidden =
    isIP(host) !== 0 && classifyAddress(host) !== 'public' && !allowedHosts.isListed(host, port);
  if (isForbidden) {
    throw invalid('url', 'The url has a private or reserved address that allow_private_hosts does not list.');
  }
  url.hash = '';
  return url.href;
}

export function invalid(param: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param, retryable: false });
}
