/** Where a browser goes next: a path of ours, whatever the library was told. */
export function writeLocation(location: string | null, origin: string): string {
  const url = location === null ? null : URL.parse(location, origin);
  if (url === null || url.origin !== origin) return '/sign-in?error=state_mismatch';
  const path = url.pathname.replace(/^\/+/, '/');
  return `${path}${url.search}${url.hash}`;
}
