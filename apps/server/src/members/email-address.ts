/**
 * An address as it is compared. Undefined for one with anything beside plain characters: letters of other scripts turn
 * into plain ones in lower case, and would pass for somebody else's address.
 */
export function normalizeEmail(text: string): string | undefined {
  return /^[\x21-\x7e]{3,254}$/.test(text) ? text.toLowerCase() : undefined;
}

/** What follows the last `@`. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}
