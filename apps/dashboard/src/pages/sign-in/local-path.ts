/** Only a path of this very site, so that a crafted link cannot send a person elsewhere. */
export function localPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[^\t\n\r]*$/.test(next) ? next : '/';
}
