/** What the outside calls this server. */
export type Site = {
  /** The origin browsers are told to use; undefined when the operator named none. */
  publicOrigin: string | undefined;
  mode: 'development' | 'production';
};

/** The headers that tell where a request came from and whom it wanted. */
export type RequestSource = {
  host: string | undefined;
  origin: string | undefined;
  secFetchSite: string | undefined;
  /** Whether the connection, or the trusted proxy before us, speaks TLS. */
  isTls: boolean;
};

/**
 * The origin under which this request reached us, or undefined when its Host is not ours. Host must be that of the
 * public URL; without one, development answers to loopback names only, so that no other name can be pointed at us.
 */
export function findOwnOrigin(site: Site, source: RequestSource): string | undefined {
  if (source.host === undefined || !HOST.test(source.host)) return undefined;
  const asked = URL.parse(`${source.isTls ? 'https' : 'http'}://${source.host}`);
  if (asked === null) return undefined;
  if (site.publicOrigin !== undefined) {
    return new URL(site.publicOrigin).host === asked.host ? site.publicOrigin : loopbackOrigin(site, asked);
  }
  return site.mode === 'production' ? asked.origin : loopbackOrigin(site, asked);
}

/** A name or an address with an optional port; nothing by which a URL would go on. */
const HOST = /^[\w.:[\]-]+$/;

/** True when a request that changes something was sent by a page of ours, as far as the browser tells. */
export function isSameOrigin(site: Site, source: RequestSource): boolean {
  const own = findOwnOrigin(site, source);
  if (own === undefined) return false;
  if (source.origin !== undefined) return source.origin === own;
  // Browsers send Origin with every POST, PUT, PATCH and DELETE; older ones at least this header.
  return source.secFetchSite === 'same-origin';
}

function loopbackOrigin(site: Site, asked: URL): string | undefined {
  return site.mode === 'development' && isLoopbackName(asked.hostname) ? asked.origin : undefined;
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
