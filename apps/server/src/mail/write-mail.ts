import type { Mail } from './mailer.ts';

const SUBJECT_CHARS_MAX = 200;
const TEXT_CHARS_MAX = 50_000;
/** One address and nothing that a header, a list of addresses or an SMTP command could be made of. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]{1,189}$/u;

/** Whether it is one e-mail address, which begins nothing else. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/**
 * A mail for nodemailer. Addresses are given as such, so that nothing in them is read as a list; a subject is one line
 * (names that people chose may stand in it); the text is plain text.
 */
export function writeMail({ to, subject, text }: Mail, from: { name: string; address: string }) {
  return {
    from,
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    subject: oneLine(subject).slice(0, SUBJECT_CHARS_MAX),
    text: text.replace(/\r\n?/g, '\n').slice(0, TEXT_CHARS_MAX),
    // RFC 3834: nobody's absence note answers it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Control characters and the separators that some programs read as an end of line become spaces. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
