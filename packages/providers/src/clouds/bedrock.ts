import type { Auth, Provider } from '../provider.ts';
import { claudeRules } from '../rows/claude-rules.ts';
import { type Cloud, type CloudOptions, type CloudProblem, missing, nameProblems } from './cloud-options.ts';

/** The geographies of inference profiles stand before a model's own id. */
const CLAUDE = ['', 'us.', 'eu.', 'apac.', 'jp.', 'au.', 'ca.', 'us-gov.', 'global.'].map(
  (geography) => `${geography}anthropic.`,
);

/**
 * Amazon Bedrock: every model by Converse; Anthropic's models in their own words too, which say more and for which
 * their generations are known. Sources: the Bedrock API reference, `Converse` and `InvokeModel`; the user guide, "Anthropic
 * Claude Messages API" and "Amazon Bedrock API keys".
 */
export const bedrock: Cloud = {
  priceId: 'aws',
  fields: ['api_key', 'region', 'access_key_id', 'secret_access_key', 'session_token'],
  problems: (options) => [
    ...nameProblems('region', options.region, { needs: true, example: 'eu-west-1' }),
    ...credentialProblems(options),
  ],
  row(options) {
    const { id, region = '', base_url: baseUrl } = options;
    const main: Provider = {
      id,
      dialect: 'bedrock-converse',
      baseUrl: baseUrl ?? `https://bedrock-runtime.${region}.amazonaws.com`,
      auth: authOf(options, region),
      headers: {},
      framing: 'aws-event-stream',
    };
    return { ...main, also: [{ provider: invoked(main), models: CLAUDE, isPreferred: true }] };
  },
};

function invoked(main: Provider): Provider {
  return {
    ...main,
    dialect: 'anthropic-messages',
    paths: { whole: '/model/{model}/invoke', stream: '/model/{model}/invoke-with-response-stream' },
    quirks: {
      forModels: claudeRules,
      omit: ['model', 'stream'],
      set: { anthropic_version: 'bedrock-2023-05-31' },
      headerFields: { 'anthropic-beta': 'anthropic_beta' },
    },
  };
}

function credentialProblems(options: CloudOptions): CloudProblem[] {
  const { api_key, access_key_id, secret_access_key, session_token } = options;
  const isSigned =
    access_key_id !== undefined || secret_access_key !== undefined || session_token !== undefined;
  if (api_key !== undefined) {
    const message = 'cannot stand beside access_key_id; keep one of the two credentials';
    return isSigned ? [{ field: 'api_key', message }] : [];
  }
  const problems: CloudProblem[] = [];
  if (access_key_id === undefined) {
    problems.push(
      missing('access_key_id', 'best as ${AWS_ACCESS_KEY_ID}, or a Bedrock API key as api_key instead'),
    );
  } else if (!/^[A-Za-z0-9]{4,128}$/.test(access_key_id)) {
    problems.push({ field: 'access_key_id', message: 'is not an AWS access key id' });
  }
  if (secret_access_key === undefined)
    problems.push(missing('secret_access_key', 'best as ${AWS_SECRET_ACCESS_KEY}'));
  return problems;
}

function authOf(options: CloudOptions, region: string): Auth {
  const { api_key, access_key_id: accessKeyId, secret_access_key: secret, session_token } = options;
  if (api_key !== undefined) return { kind: 'bearer', secret: api_key };
  if (accessKeyId === undefined || secret === undefined) return { kind: 'none' };
  const auth = { kind: 'aws-sigv4', region, service: 'bedrock', accessKeyId, secret } as const;
  return session_token === undefined ? auth : { ...auth, sessionToken: session_token };
}
