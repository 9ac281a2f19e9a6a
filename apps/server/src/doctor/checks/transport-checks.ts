import { isLoopback } from '../../config/is-loopback.ts';
import { type Check, found, inProduction, onlyInProduction } from '../check.ts';

const DAY_MS = 86_400_000;
const CERTIFICATE_DAYS_MIN = 21;
/** A range with fewer fixed bits holds more than a company's own proxies. */
const PROXY_BITS_MIN = { v4: 8, v6: 16 };

export const transportChecks: readonly Check[] = [
  {
    name: 'plain-http',
    area: 'https',
    title: 'Callers and browsers reach the server by HTTPS.',
    why: 'Prompts, replies and API keys travel in the clear to whoever listens on the network.',
    run: (facts) => {
      const { HOST, TOKENROUTER_PUBLIC_URL: url, TOKENROUTER_TLS_CERT_FILE: own } = facts.config.environment;
      const { protocol, hostname = '', origin = '' } = url === undefined ? {} : new URL(url);
      const isPlain = protocol === 'http:' && !isLoopback(hostname);
      if (!isPlain && (isLoopback(HOST) || own !== undefined || url?.startsWith('https://'))) return [];
      return [
        found(
          inProduction(facts, 'critical'),
          isPlain
            ? `TOKENROUTER_PUBLIC_URL is ${origin}, without HTTPS.`
            : `The server listens on ${HOST} without HTTPS.`,
          'Name a certificate with TOKENROUTER_TLS_CERT_FILE and TOKENROUTER_TLS_KEY_FILE; or put a TLS proxy before it and set TOKENROUTER_PUBLIC_URL to its https:// address and TOKENROUTER_TRUSTED_PROXIES to the address it calls from.',
        ),
      ];
    },
  },
  {
    name: 'public-url',
    area: 'https',
    title: 'The server knows the address that browsers use.',
    why: 'Without it any Host header is accepted and the sign-in cookie is not limited to HTTPS.',
    run: (facts) =>
      onlyInProduction(facts, () =>
        facts.config.environment.TOKENROUTER_PUBLIC_URL === undefined
          ? [
              found(
                'warning',
                'TOKENROUTER_PUBLIC_URL is not set.',
                'Set it to the https:// address that browsers use.',
              ),
            ]
          : [],
      ),
  },
  {
    name: 'trusted-proxies',
    area: 'https',
    title: 'Only our own proxies say who calls.',
    why: 'Whoever is believed as a proxy chooses the address that limits, allow-lists and the audit see.',
    run: (facts) =>
      facts.config.environment.TOKENROUTER_TRUSTED_PROXIES.filter(isWide).map((range) =>
        found(
          inProduction(facts, 'critical'),
          `TOKENROUTER_TRUSTED_PROXIES believes ${range}: nearly everybody.`,
          'Name the addresses that your proxies call from, and no more.',
        ),
      ),
  },
  {
    name: 'tls-certificate',
    area: 'https',
    title: 'The certificate is good for three weeks or more.',
    why: 'After its last day no client connects.',
    run: (facts) => {
      const { certificate, nowMs } = facts;
      if (certificate === undefined) return [];
      const { file, problem, expiresAtMs = 0 } = certificate;
      if (problem !== undefined)
        return [found('critical', problem, 'Put a certificate and its key there, as PEM.')];
      const days = Math.floor((expiresAtMs - nowMs) / DAY_MS);
      if (days >= CERTIFICATE_DAYS_MIN) return [];
      const when = days < 0 ? 'is out of date' : `ends in ${days} days`;
      const remedy = 'Renew it; it is read again without a restart.';
      return [
        found(
          days < 0 ? inProduction(facts, 'critical') : 'warning',
          `The certificate ${file} ${when}.`,
          remedy,
        ),
      ];
    },
  },
  {
    name: 'tls-version',
    area: 'https',
    title: 'Callers speak TLS 1.3.',
    why: 'TLS 1.2 allows what 1.3 left out for a reason.',
    run: ({ certificate, config }) =>
      certificate !== undefined && config.environment.TOKENROUTER_TLS_MIN_VERSION === '1.2'
        ? [
            found(
              'notice',
              'TLS 1.2 is accepted.',
              'Remove TOKENROUTER_TLS_MIN_VERSION once no caller needs it.',
            ),
          ]
        : [],
  },
  {
    name: 'provider-tls',
    area: 'https',
    title: 'Calls to providers on other machines are encrypted.',
    why: 'Prompts, replies and the provider’s key travel in the clear.',
    run: ({ config }) =>
      config.file.providers
        .filter(({ base_url: url }) => url?.startsWith('http:') && !isLoopback(new URL(url).hostname))
        .map(({ id }) =>
          found(
            'warning',
            `The provider ${id} is called without TLS.`,
            'Give it an https:// base_url, or accept this where the network between is yours alone.',
          ),
        ),
  },
];

function isWide(range: string): boolean {
  const [address = '', bits] = range.split('/');
  if (bits === undefined) return false;
  return Number(bits) < (address.includes(':') ? PROXY_BITS_MIN.v6 : PROXY_BITS_MIN.v4);
}
