import type { Mail } from '../mail/mailer.ts';

export type ResetMail = {
  to: string;
  /** How browsers reach this server. */
  url: string;
  /** Undefined for an account without a password, which gets none this way. */
  token: string | undefined;
};

/** The link by which somebody sets another password. A fragment is never sent, so the token stays out of logs. */
export function resetLink(url: string, token: string): string {
  return `${new URL(url).origin}/reset-password#token=${token}`;
}

/** What somebody gets who says that they forgot their password. */
export function writeResetMail({ to, url, token }: ResetMail): Mail {
  const { host } = new URL(url);
  const asked = `Somebody, probably you, asked for another password for your account at ${host}.`;
  const ignore = 'If it was not you, there is nothing to do: your account is as it was.';
  const text =
    token === undefined
      ? `${asked}\n\nYour account has no password: sign in as you always do.\n\n${ignore}\n`
      : `${asked}\n\nSet it here, within 30 minutes:\n${resetLink(url, token)}\n\nThe link works once, and ends all your sessions.\n\n${ignore}\n`;
  return { to, subject: `Your password at ${host}`, text };
}
