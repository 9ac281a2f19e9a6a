const sentences = new Map(
  Object.entries({
    account_not_linked:
      'An account with this address exists already. Sign in as you usually do, then link the provider under Account.',
    may_not_join: 'Nobody invited this address. Ask somebody who is in for an invitation.',
    email_not_verified: 'The provider does not vouch for your e-mail address. Verify it there first.',
    email_not_found: 'The provider told no e-mail address.',
    access_denied: 'You did not allow it at the provider.',
    state_mismatch: 'This sign-in was begun elsewhere or took too long. Begin again.',
    state_not_found: 'This sign-in was begun elsewhere or took too long. Begin again.',
    invalid_code: 'The provider’s answer was not valid any more. Begin again.',
    unable_to_get_user_info: 'The provider’s answer could not be verified. Begin again.',
    email_does_not_match: 'The account at the provider has another e-mail address than yours here.',
    account_already_linked_to_different_user: 'That account at the provider belongs to somebody else here.',
  }),
);

/** What a provider's answer means for the person. Anybody can write an address, so no words from it are shown. */
export function providerProblem(code: string): string {
  return sentences.get(code) ?? 'Signing in by the provider did not work. Begin again.';
}
