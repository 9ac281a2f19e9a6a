/** Longer addresses are no pages but payloads. */
const URL_CHARS_MAX = 4_000;

/** The address of a page, normalised; undefined for what a click may not lead to: scripts, data, files, passwords. */
export function safeUrl(text: string): string | undefined {
  if (text.length > URL_CHARS_MAX || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, username, password, href } = new URL(text);
  const isPage = protocol === 'http:' || protocol === 'https:';
  return isPage && username === '' && password === '' ? href : undefined;
}
