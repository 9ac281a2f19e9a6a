/**
 * `npm run bench`: what a call costs through us, as ratios to a bare Node proxy and to nginx measured in the same
 * run, slice by slice in turn, so that a noisy machine disturbs all of them alike.
 *
 *   --rounds N        slices of each subject (default 8)
 *   --warmup N        rounds before them that do not count (default 3): compilers, connections, caches
 *   --requests N      whole replies in a slice (default 4,000); streams are a tenth of it
 *   --streams N       streams held open at once (default 1,000; 0 leaves that part out)
 *   --limits          only what counting limits costs, in memory and in Redis
 *   --peer portkey    also Portkey's published gateway, from the folder named by PORTKEY_DIR
 */
import { parseArgs } from 'node:util';
import { benchLimits } from './limits.ts';
import { measure, type Slice } from './measure.ts';
import { openStreams } from './open-streams.ts';
import { report } from './report.ts';
import {
  type Subject,
  startBareProxy,
  startNginx,
  startOurs,
  startPortkey,
  startUpstream,
} from './subjects.ts';
import { workloadsOf } from './workloads.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    warmup: { type: 'string', default: '3' },
    requests: { type: 'string', default: '4000' },
    streams: { type: 'string', default: '1000' },
    limits: { type: 'boolean', default: false },
    peer: { type: 'string', multiple: true, default: [] },
  },
});

if (options.limits) {
  process.stdout.write(await benchLimits());
  process.exit();
}
const upstream = await startUpstream();
const ours = await startOurs(upstream.port);
const subjects: Subject[] = [await startBareProxy(upstream.port), ours];
const nginx = await startNginx(upstream.port);
if (nginx !== undefined) subjects.push(nginx);
if (options.peer.includes('portkey')) {
  subjects.push(await startPortkey(upstream.port, process.env.PORTKEY_DIR ?? '.'));
}
try {
  process.stdout.write(report(await measureAll()));
  const streams = Number(options.streams);
  if (streams > 0) process.stdout.write(await openStreams(ours, upstream.port, streams));
} finally {
  for (const subject of subjects) await subject.close();
  await upstream.close();
}

async function measureAll(): Promise<Slice[]> {
  const slices: Slice[] = [];
  const rounds = Number(options.rounds);
  for (let round = 1 - Number(options.warmup); round <= rounds; round += 1) {
    for (const workload of workloadsOf(Number(options.requests))) {
      for (const subject of subjects) {
        if (workload.subjects?.includes(subject.name) === false) continue;
        const slice = await measure(subject, workload);
        if (round > 0) slices.push(slice);
      }
    }
    process.stderr.write(round > 0 ? `round ${round} of ${rounds}\n` : 'warming up\n');
  }
  return slices;
}
