import { openIngestLab } from './open-ingest-lab.ts';

/** The addresses for spans in a process of its own, to be killed: tells its address, and lives until then. */
const [, , dir = ''] = process.argv;
const { url } = await openIngestLab({ dir });
process.stdout.write(`${url}\n`);
