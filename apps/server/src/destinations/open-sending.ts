import { GatewayError } from '@app/protocol';
import { MailFailure } from '../mail/mail-failure.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { Address } from './address.ts';
import type { Post } from './create-post.ts';
import type { Message } from './message.ts';
import { signMessage } from './sign-message.ts';
import { writeEmail } from './write-email.ts';
import { writeSlack } from './write-slack.ts';
import { writeWebhook } from './write-webhook.ts';

export type SendingDeps = {
  post: Post;
  mailer: Mailer;
  /** How browsers reach this server, without a slash at its end. */
  publicUrl: string;
  nowMs: () => number;
};

/** How one try ended; `again` says whether another can help, and after how long the receiver wants it. */
export type Outcome =
  | { ok: true }
  | { ok: false; error: string; again: boolean; afterMs?: number | undefined };

/** Every call of the function is one try. It never rejects. */
export function openSending(address: Address, message: Message, deps: SendingDeps): () => Promise<Outcome> {
  const url = pageOf(message, deps.publicUrl);
  if (address.kind === 'email') return sendMails(address.emails, message, { ...deps, url });
  const isWebhook = address.kind === 'webhook';
  const body = isWebhook ? writeWebhook(message, url) : writeSlack(message, url);
  const headersOf = (): { [name: string]: string } =>
    isWebhook
      ? {
          'x-tokenrouter-id': message.id,
          // Made anew for each try, so that receivers may refuse what is old.
          'x-tokenrouter-signature': signMessage(address.secret, { body, atMs: deps.nowMs() }),
        }
      : {};
  return async () => {
    try {
      const answer = await deps.post({ url: address.url, headers: headersOf(), body });
      return readAnswer(answer, deps.nowMs());
    } catch (error) {
      return readFault(error, address.url);
    }
  };
}

function pageOf({ path }: Message, publicUrl: string): string | undefined {
  if (path === undefined) return undefined;
  const origin = new URL(publicUrl).origin;
  const url = new URL(path, origin);
  // A path that leads elsewhere is none of ours.
  return url.origin === origin ? url.href : undefined;
}

const WORTH_REPEATING = new Set([408, 425, 429]);

/** What it answered with is not told: only its status. */
function readAnswer(answer: { status: number; retryAfter: string | undefined }, nowMs: number): Outcome {
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return { ok: true };
  if (status >= 300 && status < 400)
    return { ok: false, error: 'It answered with a redirect, which is not followed.', again: false };
  const again = status >= 500 || WORTH_REPEATING.has(status);
  return {
    ok: false,
    error: `It answered with status ${status}.`,
    again,
    afterMs: readWait(retryAfter, nowMs),
  };
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
function readWait(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** What stopped it, without an address of our network and without the rest of its URL. */
function readFault(error: unknown, url: string): Outcome {
  if (!(error instanceof GatewayError)) {
    return { ok: false, error: 'It could not be sent.', again: false };
  }
  const sentence = error.message
    .replace(`The provider ${new URL(url).hostname} `, 'It ')
    .replace(/^The provider's base_url /, 'Its URL ')
    .replace(/^The provider's host /, 'Its host ')
    .replace('; check its base_url', '');
  const again =
    ['provider_failed', 'provider_timeout'].includes(error.code) && error.detail.retryable !== false;
  return { ok: false, error: sentence, again };
}

type MailDeps = SendingDeps & { url: string | undefined };

/** A mail for each, so that nobody sees who else gets it; another try is for those that failed. */
function sendMails(emails: readonly string[], message: Message, { mailer, url }: MailDeps) {
  let left = [...emails];
  return async (): Promise<Outcome> => {
    const failures: string[] = [];
    const failed: string[] = [];
    for (const to of left) {
      try {
        await mailer.send(writeEmail(message, { to, url }));
      } catch (error) {
        failed.push(to);
        failures.push(error instanceof MailFailure ? error.message : 'It could not be sent.');
      }
    }
    left = failed;
    const [first] = failures;
    if (first === undefined) return { ok: true };
    const error = emails.length === 1 ? first : `${failed.length} of ${emails.length} mails failed. ${first}`;
    return { ok: false, error, again: mailer.isConfigured };
  };
}
