import type { FakeUpstream } from '@app/testkit';
import { untilLoaded } from '../read-all-traces.ts';
import { runHere } from '../run-here.ts';
import { makePlace, type Place, startProcess } from '../start-process.ts';
import type { Arrived } from './arrived-fields.ts';
import { openModel } from './open-model.ts';
import { makeIngestKey, readArrived } from './read-arrived.ts';
import { runSender } from './run-sender.ts';

export type SendersLab = {
  /** Runs the programs, each with a key of its own, and gives what arrived from each, in their order. */
  send(commands: { readonly [sender: string]: readonly string[] }): Promise<Map<string, Arrived>>;
  close(): Promise<void>;
};

const LANES = 2;

/** A whole server with its stores in processes of their own, and a played model. */
export async function openSendersLab(): Promise<SendersLab> {
  const model: FakeUpstream = await openModel();
  const place = makePlace();
  const server = await startProcess(place);
  const { url } = server;
  return {
    send: async (commands) => {
      const access = { url, key: await makeKey(place) };
      const ids = new Map<string, string>();
      const sendAs = async ([name, command]: [string, readonly string[]]) => {
        const { id, secret } = await makeIngestKey(access, name);
        ids.set(name, id);
        await runSender({ command, url, key: secret, modelUrl: model.url });
      };
      // A few at a time: senders give up on a server that many of them keep busy.
      const waiting = Object.entries(commands);
      while (waiting.length > 0) await Promise.all(waiting.splice(0, LANES).map(sendAs));
      await untilLoaded(access);
      const arrived = new Map<string, Arrived>();
      for (const name of Object.keys(commands))
        arrived.set(name, await readArrived(access, ids.get(name) ?? ''));
      return arrived;
    },
    close: async () => {
      await server.stop();
      await model.close();
      place.remove();
    },
  };
}

/** May make the senders' keys, and read what came. */
async function makeKey(place: Place): Promise<string> {
  const permissions = ['keys:write', 'traces:read', 'traces:write'];
  const options = permissions.flatMap((permission) => ['--permission', permission]);
  const { code, stdout, stderr } = await runHere(place, ['keys', 'create', '--name', 'reader', ...options]);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}
