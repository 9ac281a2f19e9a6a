import { z } from 'zod';
import { filled } from './field-kinds.ts';

const authorities = (of: string) =>
  filled
    .optional()
    .describe(
      `PEM file of the authorities that may sign the certificate of ${of}. Default: those that Node knows.`,
    );

/** TLS on both sides: what we show to callers, and whom we believe to be our stores. */
export const tlsFields = {
  TOKENROUTER_TLS_CERT_FILE: filled
    .optional()
    .describe(
      'PEM file with the certificate chain under which this server answers by HTTPS itself. Read again when it changes. Default: plain HTTP.',
    ),
  TOKENROUTER_TLS_KEY_FILE: filled.optional().describe('PEM file with the private key of that certificate.'),
  TOKENROUTER_TLS_MIN_VERSION: z
    .enum(['1.2', '1.3'], { error: 'is neither "1.3" nor "1.2"' })
    .default('1.3')
    .describe('The oldest TLS that callers may speak; 1.2 for clients that know no better.'),
  DATABASE_CA_FILE: authorities('the PostgreSQL at DATABASE_URL'),
  CLICKHOUSE_CA_FILE: authorities('an `https://` CLICKHOUSE_URL'),
};

type TlsSettings = {
  TOKENROUTER_TLS_CERT_FILE?: string | undefined;
  TOKENROUTER_TLS_KEY_FILE?: string | undefined;
  DATABASE_CA_FILE?: string | undefined;
  DATABASE_URL?: string | undefined;
  CLICKHOUSE_CA_FILE?: string | undefined;
  CLICKHOUSE_URL?: string | undefined;
};

/** What no single setting can tell, each as a sentence that begins with the setting's name. */
export function tlsProblems(environment: TlsSettings): string[] {
  const { TOKENROUTER_TLS_CERT_FILE: cert, TOKENROUTER_TLS_KEY_FILE: key } = environment;
  const { CLICKHOUSE_CA_FILE, CLICKHOUSE_URL, DATABASE_CA_FILE, DATABASE_URL } = environment;
  const problems: string[] = [];
  if (cert !== undefined && key === undefined) {
    problems.push('TOKENROUTER_TLS_CERT_FILE: needs TOKENROUTER_TLS_KEY_FILE beside it');
  }
  if (key !== undefined && cert === undefined) {
    problems.push('TOKENROUTER_TLS_KEY_FILE: needs TOKENROUTER_TLS_CERT_FILE beside it');
  }
  if (DATABASE_CA_FILE !== undefined && DATABASE_URL === undefined) {
    problems.push('DATABASE_CA_FILE: is of no use without DATABASE_URL; remove it');
  }
  if (CLICKHOUSE_CA_FILE !== undefined && CLICKHOUSE_URL?.startsWith('https:') !== true) {
    problems.push('CLICKHOUSE_CA_FILE: is of use with an https:// CLICKHOUSE_URL only');
  }
  return problems;
}
