/**
 * The IANA zone of this name, in its usual spelling; undefined for what is none. Offsets such as `+02:00` are none: they
 * would be wrong for half of the year.
 */
export function parseZone(text: string): string | undefined {
  if (!NAME.test(text)) return undefined;
  const lower = text.toLowerCase();
  if (lower === 'utc') return 'UTC';
  const usual = Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase() === lower);
  if (usual !== undefined) return usual;
  try {
    // Older names of a zone are in no list, and are still its names.
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    return undefined;
  }
}

const NAME = /^[A-Za-z][\w+-]*(?:\/[A-Za-z][\w+-]*){0,2}$/;
