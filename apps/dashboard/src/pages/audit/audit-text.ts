import type { AuditAction } from '@app/contract';

const pasts: { [verb: string]: string } = {
  create: 'created',
  change: 'changed',
  delete: 'deleted',
  revoke: 'revoked',
  rotate: 'rotated',
  accept: 'accepted',
  remove: 'removed',
  add: 'added',
  import: 'imported',
  check: 'tried',
  grant: 'gave more to',
  decline: 'gave no more to',
  test: 'tested',
  acknowledge: 'acknowledged',
  export: 'exported',
  prune: 'shortened',
  finish: 'finished',
  link: 'linked',
};

const nouns: { [noun: string]: string } = {
  key: 'API key',
  credential: 'provider key',
  sign_in_policy: 'sign-in policy',
  repricing: 're-pricing',
  audit: 'audit log',
};

const whole: { [action in AuditAction]?: string } = {
  'setup.complete': 'set this installation up',
  'session.sign_in': 'signed in',
  'session.sign_in_failed': 'could not sign in',
  'session.sign_out': 'signed out',
  'session.revoke': 'ended a session',
  'account.change': 'changed their account',
  'account.change_password': 'changed their password',
  'account.reset_password': 'set a new password',
  'account.enable_two_factor': 'switched their second factor on',
  'account.disable_two_factor': 'switched their second factor off',
  'account.add_passkey': 'added a passkey',
  'account.remove_passkey': 'removed a passkey',
  'account.link_identity': 'linked an account elsewhere',
  'account.unlink_identity': 'unlinked an account elsewhere',
  'access.refuse': 'was refused',
  'server.start': 'started',
  'settings.change': 'changed settings',
  'master_key.rotate': 'rotated the master key',
  'data.export': 'exported data',
};

/** What somebody did, to follow their name: `created the API key`. */
export function auditText(action: AuditAction): string {
  const known = whole[action];
  if (known !== undefined) return known;
  const [noun = '', verb = ''] = action.split('.');
  return `${pasts[verb] ?? verb.replaceAll('_', ' ')} the ${nouns[noun] ?? noun.replaceAll('_', ' ')}`;
}
