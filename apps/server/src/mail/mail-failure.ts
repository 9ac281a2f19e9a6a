import { GatewayError } from '@app/protocol';

/** Why a mail was not sent, in a sentence for the operator without secrets. */
export class MailFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MailFailure';
  }
}

const SENTENCES: { readonly [code: string]: string } = {
  EAUTH: 'The mail server did not accept the user and password',
  ENOAUTH: 'The mail server did not accept the user and password',
  EENVELOPE: 'The mail server refused the sender or the recipient',
  EMESSAGE: 'The mail server refused the mail',
  ETIMEDOUT: 'The mail server did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'The mail server did not answer in time',
  ENOTFOUND: 'The mail server has a host name that does not exist',
  EAI_AGAIN: 'The mail server has a host name that could not be resolved',
  ECONNREFUSED: 'The mail server refused the connection',
  ETLS: 'The connection to the mail server could not be encrypted',
  EPROTOCOL: 'The mail server sent something that is not SMTP',
};

/** What a server answered may repeat what was sent to it: only the number of its answer is told. */
export function describeMailFailure(error: unknown): MailFailure {
  if (error instanceof MailFailure) return error;
  if (error instanceof GatewayError) {
    return new MailFailure(
      'The mail server has a private or reserved address that allow_private_hosts does not list.',
    );
  }
  const found = [error, causeOf(error)].flatMap(sentenceOf)[0] ?? 'The mail server could not be reached';
  const status = Reflect.get(Object(error), 'responseCode');
  return new MailFailure(typeof status === 'number' ? `${found} (${status}).` : `${found}.`);
}

function sentenceOf(error: unknown): string[] {
  const code: unknown = Reflect.get(Object(error), 'code');
  const message = error instanceof Error ? error.message : '';
  const isUntrusted =
    /CERT|SIGNATURE|ISSUER|SSL|ALTNAME/.test(String(code)) || /certificate|altname/i.test(message);
  if (isUntrusted) return ['The mail server could not be trusted: its TLS certificate is not valid'];
  const sentence = typeof code === 'string' ? SENTENCES[code] : undefined;
  return sentence === undefined ? [] : [sentence];
}

function causeOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] : Reflect.get(Object(error), 'cause');
}
