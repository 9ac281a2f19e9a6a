import { NOTHING_BEFORE, openReplacingStream, replaceAll, STRETCH_CHARS } from './open-stream.ts';
import { openPlaceholders } from './placeholders.ts';
import { type FieldName, redactValue } from './redact-value.ts';
import type { Finding, Redaction, Redactor, RedactorOptions } from './redactor.ts';
import type { ScanOptions } from './scan.ts';

/**
 * A redactor for these options. Of what it saw it keeps names of fields only, some that hold nothing private; a
 * redaction keeps its values until it is let go.
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const scanning = readOptions(options);
  const names = new Map<string, FieldName>();
  return {
    find: (text) => findAll(text, scanning),
    begin: () => begin({ scanning, names, pseudonym: options.pseudonym }),
  };
}

type Kept = {
  scanning: ScanOptions;
  names: Map<string, FieldName>;
  pseudonym: RedactorOptions['pseudonym'] | undefined;
};

function readOptions({ types, patterns = [] }: RedactorOptions): ScanOptions {
  const named = patterns.map((pattern) => ({ ...pattern, type: typeNameOf(pattern.type) }));
  const wanted =
    types === undefined ? undefined : new Set<string>([...types, ...named.map(({ type }) => type)]);
  return { wanted, patterns: named };
}

function begin({ scanning, names, pseudonym }: Kept): Redaction {
  const placeholders = openPlaceholders(pseudonym);
  const replace = placeholders.of;
  const isSecretWanted = scanning.wanted?.has('SECRET') ?? true;
  return {
    text: (text) => replaceAll(text, { options: scanning, replace, before: NOTHING_BEFORE }),
    value: (value) =>
      redactValue(value, {
        names,
        text: (text, words) => {
          const before = words === '' ? NOTHING_BEFORE : { ...NOTHING_BEFORE, masked: words };
          return replaceAll(text, { options: scanning, replace, before });
        },
        ...(isSecretWanted ? { secret: (secret: string) => replace({ type: 'SECRET', value: secret }) } : {}),
      }),
    stream: () => openReplacingStream(scanning, replace),
    counts: placeholders.counts,
  };
}

function findAll(text: string, scanning: ScanOptions): Finding[] {
  const findings: Finding[] = [];
  let at = 0;
  // What is passed on has the length of what was taken in, so that its end is a place in the text.
  const stream = openReplacingStream(scanning, ({ type, start, end }) => {
    findings.push({ type, start: at + start, end: at + end });
    return '\u0000'.repeat(end - start);
  });
  for (let from = 0; from < text.length; from += STRETCH_CHARS) {
    at += stream.push(text.slice(from, from + STRETCH_CHARS)).length;
  }
  stream.end();
  return findings;
}

/** A placeholder's name: capitals, digits and underscores, or it would not be known as one again. */
function typeNameOf(type: string): string {
  const name = type
    .toUpperCase()
    .replace(/[^A-Z0-9]{1,64}/g, '_')
    .slice(0, 40);
  return /^[A-Z]/.test(name) ? name : `X_${name}`.slice(0, 40);
}
