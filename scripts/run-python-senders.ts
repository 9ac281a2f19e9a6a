import { fileURLToPath } from 'node:url';
import { type Arrived, writeFieldTable } from '../apps/server/test/senders/arrived-fields.ts';
import { openSendersLab } from '../apps/server/test/senders/open-senders-lab.ts';

/** What each needs, and the program that sends with it. */
export const PYTHON_SENDERS = [
  {
    module: 'opentelemetry.exporter.otlp.proto.http',
    install: 'opentelemetry-sdk opentelemetry-exporter-otlp-proto-http',
    name: 'OpenTelemetry',
    file: 'send_opentelemetry.py',
  },
  {
    module: 'openinference.instrumentation.openai',
    install: 'openinference-instrumentation-openai openai',
    name: 'OpenInference',
    file: 'send_openinference.py',
  },
  { module: 'langfuse', install: 'langfuse openai', name: 'Langfuse', file: 'send_langfuse.py' },
] as const;

type PythonSender = (typeof PYTHON_SENDERS)[number];

/** Sends with each of them to a real server. Resolves to the table of what arrived and whether the counts were right. */
export async function runPythonSenders(
  python: string,
  senders: readonly PythonSender[],
): Promise<{ table: string; isGood: boolean }> {
  const lab = await openSendersLab();
  try {
    const folder = new URL('../apps/server/test/senders/python/', import.meta.url);
    const commands = senders.map(({ name, file }) => [name, [python, fileURLToPath(new URL(file, folder))]]);
    const arrived = await lab.send(Object.fromEntries(commands));
    const isGood = [...arrived.values()].every(isCounted);
    return { table: writeFieldTable(Object.fromEntries(arrived)), isGood };
  } finally {
    await lab.close();
  }
}

/** Calls were priced, and of 21 tokens asked 5 were cached. */
function isCounted({ spans }: Arrived): boolean {
  const calls = spans.filter(({ kind }) => kind === 'call');
  const isRight = calls.every(({ usage }) => usage.input_fresh === 16 && usage.input_cache_read === 5);
  return calls.length > 0 && isRight && calls.every(({ cost }) => cost.nanos > 0);
}
