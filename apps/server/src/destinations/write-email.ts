import type { Mail } from '../mail/mailer.ts';
import type { Message } from './message.ts';

/** A message as one person gets it. */
export function writeEmail(message: Message, { to, url }: { to: string; url: string | undefined }): Mail {
  const mark = message.severity === 'critical' ? 'Critical: ' : '';
  const lines = [message.title, '', message.text, ...(url === undefined ? [] : ['', `Look at it: ${url}`])];
  return { to, subject: `[TokenRouter] ${mark}${message.title}`, text: `${lines.join('\n')}\n` };
}
