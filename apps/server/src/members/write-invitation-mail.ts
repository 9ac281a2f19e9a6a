import type { Mail } from '../mail/mailer.ts';

export type InvitationMail = {
  to: string;
  /** The organization's name. */
  organization: string;
  /** Who invites, by address; undefined for the operator. */
  invitedBy: string | undefined;
  link: string;
};

/** What somebody reads who is invited. */
export function writeInvitationMail({ to, organization, invitedBy, link }: InvitationMail): Mail {
  const name = plain(organization);
  const text = [
    invitedBy === undefined
      ? `You are invited to "${name}" on TokenRouter.`
      : `${invitedBy} invites you to "${name}" on TokenRouter.`,
    '',
    'Open this link within 7 days to accept. It works once, and for this address only:',
    link,
    '',
    'If you do not know what this is about, ignore it: nothing happens.',
  ].join('\n');
  return { to, subject: `Invitation to ${name}`, text };
}

/**
 * A name that somebody chose, with nothing in it of which a mail program makes a link: an invitation must not carry a
 * stranger's address under our name.
 */
function plain(name: string): string {
  return name
    .replace(/[^\p{L}\p{N} &'()+,_-]+/gu, ' ')
    .trim()
    .slice(0, 60);
}
