import type { Mail, Mailer } from '../src/mail/mailer.ts';

/** Keeps what would be sent. */
export function createMemoryMailer(): Mailer & { mails: Mail[] } {
  const mails: Mail[] = [];
  return {
    isConfigured: true,
    mails,
    send: async (mail) => {
      mails.push(mail);
    },
    close: () => undefined,
  };
}
