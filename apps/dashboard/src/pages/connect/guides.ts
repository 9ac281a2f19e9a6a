/** One way to connect, in steps to be copied. */
export type Guide = {
  section: string;
  value: string;
  label: string;
  steps: readonly { say: string; code: string }[];
};

const lines = (...text: string[]): string => text.join('\n');

/** Every way, for a server at this address. */
export const listGuides = (origin: string): Guide[] => [
  ...callGuides(origin),
  ...traceGuides(origin),
  ...askGuides(origin),
];

const callGuides = (origin: string): Guide[] => [
  {
    section: 'call',
    value: 'curl',
    label: 'curl',
    steps: [
      {
        say: 'With a key in TOKENROUTER_API_KEY:',
        code: lines(
          `curl ${origin}/v1/chat/completions \\`,
          '  -H "Authorization: Bearer $TOKENROUTER_API_KEY" \\',
          '  -H "Content-Type: application/json" \\',
          `  -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}'`,
        ),
      },
    ],
  },
  {
    section: 'call',
    value: 'typescript',
    label: 'TypeScript',
    steps: [
      {
        say: 'The OpenAI client, and every other, with another address:',
        code: lines(
          "import { env } from 'node:process';",
          "import OpenAI from 'openai';",
          '',
          'const client = new OpenAI({',
          `  baseURL: '${origin}/v1',`,
          '  apiKey: env.TOKENROUTER_API_KEY,',
          '});',
          'const reply = await client.chat.completions.create({',
          "  model: 'gpt-4o-mini',",
          "  messages: [{ role: 'user', content: 'Hello' }],",
          '});',
        ),
      },
    ],
  },
  {
    section: 'call',
    value: 'python',
    label: 'Python',
    steps: [
      {
        say: 'The OpenAI client, and every other, with another address:',
        code: lines(
          'import os',
          'from openai import OpenAI',
          '',
          `client = OpenAI(base_url="${origin}/v1", api_key=os.environ["TOKENROUTER_API_KEY"])`,
          'reply = client.chat.completions.create(',
          '    model="gpt-4o-mini",',
          '    messages=[{"role": "user", "content": "Hello"}],',
          ')',
        ),
      },
    ],
  },
];

const traceGuides = (origin: string): Guide[] => [
  {
    section: 'trace',
    value: 'sdk',
    label: 'tokentrace',
    steps: [
      {
        say: 'With an ingest key in TOKENTRACE_API_KEY, wrap the client you have; it keeps all of its methods and types:',
        code: lines(
          "import OpenAI from 'openai';",
          "import { init, wrapOpenAI } from 'tokentrace';",
          '',
          'init({',
          `  endpoint: '${origin}',`,
          '  piiRedaction: true,',
          '});',
          'const client = wrapOpenAI(new OpenAI());',
        ),
      },
    ],
  },
  {
    section: 'trace',
    value: 'otel',
    label: 'OpenTelemetry',
    steps: [
      {
        say: 'Any exporter over HTTP, in JSON or protobuf:',
        code: lines(
          `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${origin}/v1/traces`,
          'export OTEL_EXPORTER_OTLP_TRACES_HEADERS="authorization=Bearer $TOKENTRACE_API_KEY"',
          'export OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf',
        ),
      },
    ],
  },
  {
    section: 'trace',
    value: 'langfuse',
    label: 'Langfuse SDKs',
    steps: [
      {
        say: 'Only the address and the keys change; the public key may be anything:',
        code: lines(
          `export LANGFUSE_BASE_URL=${origin}`,
          `export LANGFUSE_HOST=${origin}`,
          'export LANGFUSE_PUBLIC_KEY=tokenrouter',
          'export LANGFUSE_SECRET_KEY=$TOKENTRACE_API_KEY',
        ),
      },
    ],
  },
];

const askGuides = (origin: string): Guide[] => [
  {
    section: 'ask',
    value: 'rest',
    label: 'REST',
    steps: [
      {
        say: 'A trace by its id:',
        code: lines(
          `curl ${origin}/api/v1/traces/<trace id> \\`,
          '  -H "Authorization: Bearer $TOKENROUTER_API_KEY"',
        ),
      },
    ],
  },
  {
    section: 'ask',
    value: 'mcp',
    label: 'MCP',
    steps: [
      {
        say: 'For an agent that speaks the Model Context Protocol:',
        code: lines(
          '{',
          '  "mcpServers": {',
          '    "tokenrouter": {',
          '      "type": "http",',
          `      "url": "${origin}/mcp",`,
          '      "headers": { "Authorization": "Bearer <key>" }',
          '    }',
          '  }',
          '}',
        ),
      },
    ],
  },
];
