/** Where a destination's messages go, with what is secret in it. */
export type Address =
  | { kind: 'webhook'; url: string; secret: string }
  | { kind: 'slack'; url: string }
  | { kind: 'email'; emails: readonly string[] };

/** What people are shown: of a URL its origin alone, as the rest of it may be what lets anybody post there. */
export function showAddress(address: Address): string {
  return address.kind === 'email' ? address.emails.join(', ') : new URL(address.url).origin;
}
