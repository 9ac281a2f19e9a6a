import { generateKeyPairSync } from 'node:crypto';
import { type CloudOptions, cloudRow, findCloud, Secret } from '@app/providers';
import type { AwsKeys } from '@app/testkit';
import type { ModelConfig } from '../src/snapshot/model-config.ts';

export const awsKeys: AwsKeys = {
  region: 'eu-west-1',
  accessKeyId: 'AKIDCANARYEXAMPLE',
  secretAccessKey: 'canary-aws-secret/+=',
  sessionToken: 'canary-session-token==',
};
export const azureKey = 'canary-azure-key';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A service account whose tokens come from this address. */
function serviceAccount(tokenUri: string): string {
  return JSON.stringify({
    type: 'service_account',
    client_email: 'gateway@acme.iam.gserviceaccount.com',
    private_key_id: 'key-1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: tokenUri,
  });
}

/** The providers of every cloud, all at one address; Google's tokens come from another. */
export function cloudRows(url: string, tokenUri: string): ModelConfig['providers'] {
  const { region, accessKeyId, secretAccessKey, sessionToken } = awsKeys;
  const azure = { api_key: new Secret(azureKey), models: ['gpt-4o'] };
  return [
    row('bedrock', {
      id: 'bedrock',
      base_url: url,
      region,
      access_key_id: accessKeyId,
      secret_access_key: new Secret(secretAccessKey),
      session_token: new Secret(sessionToken ?? ''),
    }),
    row('bedrock', {
      id: 'bedrock-wrong',
      base_url: url,
      region,
      access_key_id: accessKeyId,
      secret_access_key: new Secret('canary-wrong-secret'),
      session_token: new Secret(sessionToken ?? ''),
    }),
    row('vertex', {
      id: 'vertex',
      base_url: `${url}/v1/projects/acme/locations/eu`,
      credentials: new Secret(serviceAccount(tokenUri)),
    }),
    row('azure', { ...azure, id: 'azure', base_url: `${url}/openai/v1` }),
    row('azure', { ...azure, id: 'azure-old', base_url: `${url}/openai`, api_version: '2024-10-21' }),
    row('azure-foundry', { ...azure, id: 'foundry', base_url: url, models: ['claude-opus-4-6'] }),
  ];
}

function row(kind: string, options: CloudOptions): ModelConfig['providers'][number] {
  const cloud = findCloud(kind);
  if (cloud === undefined) throw new Error(`there is no ${kind}`);
  return { provider: cloudRow(cloud, options), models: options.models ?? ['unlisted'] };
}
