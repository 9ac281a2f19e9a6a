import { filledSecret } from './field-kinds.ts';

const text = (sentence: string) => filledSecret.optional().describe(sentence);

/** What only providers in a cloud have. Which of them a kind needs, and what they may hold, its row knows. */
export const cloudFields = {
  region: text('Bedrock: the AWS region, for example `eu-west-1`.'),
  access_key_id: text('Bedrock: the access key id, best as `${AWS_ACCESS_KEY_ID}`.'),
  secret_access_key: text('Bedrock: the secret access key, best as `${AWS_SECRET_ACCESS_KEY}`.'),
  session_token: text('Bedrock: the session token of temporary credentials.'),
  project: text('Vertex: the id of the Google Cloud project.'),
  location: text('Vertex: the location, for example `europe-west4`, `eu` or `global`.'),
  credentials: text(
    "Vertex: a service account's JSON key as a reference such as `${GOOGLE_SERVICE_ACCOUNT}`.",
  ),
  credentials_file: text('Vertex: the path of that key instead of its text.'),
  resource: text('Azure: the name of the resource, the first word of its host.'),
  api_version: text('Azure: the version of the older API, where deployments stand in the path.'),
  entra_token: text('Azure: a token of Microsoft Entra ID instead of `api_key`.'),
};

/** The fields whose value nobody may see. */
export const secretFields = [
  'api_key',
  'secret_access_key',
  'session_token',
  'credentials',
  'entra_token',
] as const;
