import type { KeyKind, KeyMode } from '@app/contract';

/** A key that was issued elsewhere. It shows nothing of itself but what may be shown of any key. */
export type ImportedSecret = {
  kind: KeyKind;
  /** What its prefix says of its mode; `undefined` where it says nothing. */
  mode: KeyMode | undefined;
  /** What its prefix says of where it is used. */
  environment: string | undefined;
  prefix: string;
  lastFour: string;
  reveal(): string;
};

type Read = { ok: true; imported: ImportedSecret } | { ok: false; problem: string };

/** Longer prefixes first, so that `tr_live_` is not read as `tr_`. A bare `tr_` was issued for live use. */
const PREFIXES = [
  { prefix: 'tr_staging_', kind: 'gateway', mode: undefined, environment: 'staging' },
  { prefix: 'tr_live_', kind: 'gateway', mode: 'live', environment: undefined },
  { prefix: 'tr_test_', kind: 'gateway', mode: 'test', environment: undefined },
  { prefix: 'tr_prod_', kind: 'gateway', mode: 'live', environment: 'production' },
  { prefix: 'tr_dev_', kind: 'gateway', mode: undefined, environment: 'development' },
  { prefix: 'tt_live_', kind: 'ingest', mode: 'live', environment: undefined },
  { prefix: 'tt_test_', kind: 'ingest', mode: 'test', environment: undefined },
  { prefix: 'tt_prod_', kind: 'ingest', mode: 'live', environment: 'production' },
  { prefix: 'tr_', kind: 'gateway', mode: 'live', environment: undefined },
] as const;

/** At least as many random characters as 119 bits take, at most what a presented key may have. */
const REST = /^[0-9A-Za-z_-]{20,200}$/;

/** Reads a key to import. The problem never repeats any of it. */
export function readImportedSecret(text: string): Read {
  const secret = text.trim();
  const found = PREFIXES.find(({ prefix }) => secret.startsWith(prefix));
  if (found === undefined) {
    const known = PREFIXES.map(({ prefix }) => prefix).join(', ');
    return { ok: false, problem: `The key begins with none of ${known}.` };
  }
  if (!REST.test(secret.slice(found.prefix.length))) {
    const problem = 'letters, digits, "-" and "_", at least 20 and at most 200 of them';
    return { ok: false, problem: `What follows ${found.prefix} must be ${problem}.` };
  }
  return { ok: true, imported: { ...found, lastFour: secret.slice(-4), reveal: () => secret } };
}
