import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

type ReceivedMail = { from: string; to: string[]; source: string; isEncrypted: boolean };

export type TestSmtpServer = {
  port: number;
  /** What was taken, in the order it came. */
  mails: ReceivedMail[];
  close(): Promise<void>;
};

/** A real SMTP server on loopback. Signing in is `postman` with `canary-smtp-password`. */
export async function openSmtpServer(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ['STARTTLS'] : [],
    allowInsecureAuth: options.key === undefined,
    onAuth: ({ username, password }, _session, done) => {
      const isKnown = username === 'postman' && password === 'canary-smtp-password';
      done(isKnown ? null : new Error(`no ${password} here`), isKnown ? { user: username } : undefined);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString('utf8'),
          isEncrypted: session.secure === true,
        });
        done();
      });
    },
    ...options,
  });
  // A client that turns away from a wrong certificate is an error here, and what the test is about.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return { port, mails, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
