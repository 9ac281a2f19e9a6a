import { GatewayError } from '@app/protocol';
import type { AllowedHosts } from './allowed-hosts.ts';

/**
 * A provider's base URL, parsed. Throws a `GatewayError` when it could carry a credential where it must not go:
 * another scheme, a user name in the URL, or plain text to a host that the operator did not list.
 */
export function parseBaseUrl(baseUrl: string, allowedHosts: AllowedHosts): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw misconfigured('is not an http or https URL');
  }
  if (url.username !== '' || url.password !== '') throw misconfigured('has a user name or password in it');
  if (url.protocol === 'http:' && !allowedHosts.isListed(url.hostname, url.port || '80')) {
    throw misconfigured('is not https, and allow_private_hosts does not list its host');
  }
  return url;
}

function misconfigured(fault: string): GatewayError {
  return new GatewayError('provider_failed', `The provider's base_url ${fault}.`, { retryable: false });
}
