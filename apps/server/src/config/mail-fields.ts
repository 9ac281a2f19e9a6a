import { z } from 'zod';
import { filled, filledSecret } from './field-kinds.ts';
import { isLoopback } from './is-loopback.ts';

/** A name for people, if there is one, and an address: `TokenRouter <llm@example.com>`. */
const SENDER =
  /^(?:([^<>@"\r\n]{1,100}?)\s*<([^<>\s@]{1,64}@[^<>\s@]{1,189})>|([^<>\s@]{1,64}@[^<>\s@]{1,189}))$/;

export const MailFields = z
  .strictObject({
    url: filledSecret
      .refine((text) => readMailUrl(text) !== undefined, 'must be smtp://... or smtps://... with a host')
      .optional()
      .describe(
        'Your mail server as one address, best as `${SMTP_URL}`: `smtps://user:password@smtp.example.com`. Instead of host, port, user and password.',
      ),
    host: filled.max(253).optional().describe('Name or address of your mail server.'),
    port: z.int().min(1).max(65_535).optional().describe('Default: 587, or 465 where `tls` is `implicit`.'),
    user: filled.max(320).optional().describe('Whom to sign in as. Default: nobody.'),
    password: filledSecret.optional().describe('The password, best as `${SMTP_PASSWORD}`.'),
    password_file: filled.optional().describe('The path of a file with the password, read at every sending.'),
    from: z
      .string()
      .trim()
      .regex(SENDER, 'must be an e-mail address, or a name with one: TokenRouter <llm@example.com>')
      .describe('Who the mails are from, for example `TokenRouter <llm@example.com>`.'),
    tls: z
      .enum(['implicit', 'starttls', 'none'])
      .optional()
      .describe(
        'How the connection is encrypted; the certificate is always verified. `none` is for a server on this machine alone. Default: `implicit` at port 465, `none` for a loopback host, else `starttls`.',
      ),
    ca_file: filled
      .optional()
      .describe('PEM file of the authorities that may sign its certificate. Default: those that Node knows.'),
  })
  .optional();
export type MailFields = NonNullable<z.infer<typeof MailFields>>;

/** Where mail goes and who it is from, with every default applied. */
export type MailPlace = {
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  passwordFile: string | undefined;
  from: { name: string; address: string };
  tls: 'implicit' | 'starttls' | 'none';
  caFile: string | undefined;
};

/** What was configured, which passed `mailProblems`. */
export function readMailPlace(mail: MailFields): MailPlace {
  const url = mail.url === undefined ? undefined : readMailUrl(mail.url);
  const host = url?.host ?? mail.host ?? '';
  const given = url?.port ?? mail.port;
  const byPort = url?.isImplicit || given === 465 ? 'implicit' : isLoopback(host) ? 'none' : 'starttls';
  const tls = mail.tls ?? byPort;
  const [, name = '', named, plain] = SENDER.exec(mail.from) ?? [];
  return {
    host,
    port: given ?? (tls === 'implicit' ? 465 : 587),
    user: url?.user ?? mail.user,
    password: url?.password ?? mail.password,
    passwordFile: mail.password_file,
    from: { name, address: named ?? plain ?? '' },
    tls,
    caFile: mail.ca_file,
  };
}

/** What no single field can tell, each with its place below `mail`. */
export function mailProblems(mail: MailFields | undefined): [path: PropertyKey[], message: string][] {
  if (mail === undefined) return [];
  const { url, host, port, user, password, password_file } = mail;
  const parts = { host, port, user, password };
  const doubled = Object.entries(parts).find(([, value]) => value !== undefined)?.[0];
  if (url !== undefined && doubled !== undefined)
    return [[[doubled], 'is in the url already; remove one of the two']];
  if (url === undefined && host === undefined) return [[[], 'needs url or host']];
  const place = readMailPlace(mail);
  if (place.password !== undefined && password_file !== undefined) {
    return [[['password_file'], 'is set beside a password; remove one of the two']];
  }
  const hasPassword = place.password !== undefined || password_file !== undefined;
  if ((place.user !== undefined) !== hasPassword)
    return [[[], 'needs both a user and a password, or neither']];
  if (place.tls === 'none' && !isLoopback(place.host)) {
    return [[['tls'], 'must not be none for a host that is not this machine; use starttls or implicit']];
  }
  return [];
}

type MailUrl = {
  host: string;
  port: number | undefined;
  user: string | undefined;
  password: string | undefined;
  isImplicit: boolean;
};

function readMailUrl(text: string): MailUrl | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    return undefined;
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') return undefined;
  const decoded = [url.username, url.password].map(decode);
  if (decoded.includes(undefined)) return undefined;
  const [user, password] = decoded;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    user: user === '' ? undefined : user,
    password: password === '' ? undefined : password,
    isImplicit: url.protocol === 'smtps:',
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
