import { isIP, type LookupFunction } from 'node:net';
import { GatewayError } from '@app/protocol';
import { buildConnector } from 'undici';
import type { AllowedHosts } from './allowed-hosts.ts';
import { classifyAddress } from './classify-address.ts';

export type HostAddress = { address: string; family: number };

/** Finds every address of a host name; `dns.lookup` with `all: true` in the running server, which gives none with an error. */
export type Resolve = (
  hostname: string,
  done: (error: Error | null, addresses: HostAddress[] | undefined) => void,
) => void;

export type ConnectorOptions = {
  /** The one origin that this connector reaches. */
  url: URL;
  allowedHosts: AllowedHosts;
  resolve: Resolve;
  connectTimeoutMs: number;
  /** Certificate authorities in PEM instead of the built-in ones. */
  ca?: string;
};

/**
 * Connects to one origin and to nothing that the operator did not mean: the name is resolved once per connection,
 * every address of the answer is checked, and the socket goes to one of exactly those addresses, so that an
 * answer which changes later (DNS rebinding) changes nothing. Server name and certificate check stay the host's.
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const { url, connectTimeoutMs, ca } = options;
  const isAllowed = createAddressCheck(url, options.allowedHosts);
  const connect = buildConnector({
    allowH2: false,
    timeout: connectTimeoutMs,
    autoSelectFamily: true,
    // Said aloud, because a variable of the environment would turn it off for the whole process.
    rejectUnauthorized: true,
    lookup: createCheckedLookup(options.resolve, isAllowed),
    ...(ca === undefined ? {} : { ca }),
  });
  return (target, callback) => {
    // A literal address never reaches the lookup.
    if (isIP(target.hostname) !== 0 && !isAllowed(target.hostname)) {
      callback(refusal(target.hostname), null);
      return;
    }
    connect(target, (error, socket) => {
      if (error) {
        callback(error, null);
      } else if (isAllowed(socket.remoteAddress ?? '')) {
        callback(null, socket);
      } else {
        socket.destroy();
        callback(refusal(socket.remoteAddress ?? 'an unknown address'), null);
      }
    });
  };
}

/** A listed name may be private, but never a metadata service: that takes the literal address on the list. */
export function createAddressCheck(url: URL, allowedHosts: AllowedHosts): (address: string) => boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const isListed = allowedHosts.isListed(url.hostname, port);
  return (address) => {
    const found = classifyAddress(address);
    if (found === 'public') return true;
    return (isListed && found === 'private') || allowedHosts.isListed(address, port);
  };
}

function createCheckedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, (error, addresses = []) => {
      const first = addresses[0];
      const forbidden = addresses.find(({ address }) => !isAllowed(address));
      if (error || first === undefined) {
        done(error ?? new Error(`${hostname} has no address`), []);
      } else if (forbidden) {
        done(refusal(forbidden.address), []);
      } else if (options.all) {
        done(null, addresses);
      } else {
        done(null, first.address, first.family);
      }
    });
  };
}

/** The address stays in the cause: a caller has no business with our network. */
function refusal(address: string): GatewayError {
  return new GatewayError(
    'provider_failed',
    "The provider's host has a private or reserved address that allow_private_hosts does not list.",
    { retryable: false, cause: `refused to connect to ${address}` },
  );
}
