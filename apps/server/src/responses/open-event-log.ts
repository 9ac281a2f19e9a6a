import type { Caller, Schedule } from '@app/gateway';
import { type JsonObject, writeFrame } from '@app/protocol';

/** The events of one stream, numbered as they come. Whoever follows gets those that came before as well. */
export type EventLog = {
  /** Adds an event and numbers it. */
  add(event: JsonObject): void;
  /** Nothing more comes. `isGood`: the stream ended as one that succeeded. */
  close(isGood: boolean): void;
  /** Sends every event with a higher number, as they come, until the log is closed. The returned function stops it. */
  follow(caller: Caller, after: number): () => void;
  /** The data of all events; undefined when some did not fit. */
  texts(): string[] | undefined;
};

export type EventLogDeps = {
  schedule: Schedule;
  /** Takes room for an event; false when there is none. */
  take: (bytes: number) => boolean;
};

type Entry = { name: string; text: string; number: number };
type Follower = { pump(): void };

const HEARTBEAT_MS = 15_000;

/** Where there is no room, the pieces of a text are left out: the events at an item's end have it whole. */
export function openEventLog({ schedule, take }: EventLogDeps): EventLog {
  const entries: Entry[] = [];
  const followers = new Set<Follower>();
  let next = 0;
  let isWhole = true;
  let closed: { isGood: boolean } | undefined;

  return {
    add: (event) => {
      const number = next;
      next += 1;
      const name = String(event.type);
      const text = JSON.stringify({ ...event, sequence_number: number });
      if (!take(text.length + ENTRY_BYTES) && name.endsWith('.delta')) {
        isWhole = false;
        return;
      }
      entries.push({ name, text, number });
      for (const follower of followers) follower.pump();
    },
    close: (isGood) => {
      closed = { isGood };
      for (const follower of [...followers]) follower.pump();
    },
    follow: (caller, after) => {
      let cursor = entries.findIndex(({ number }) => number > after);
      if (cursor === -1) cursor = entries.length;
      let isBlocked = false;
      let stopBeating = () => {};
      const stop = () => {
        stopBeating();
        followers.delete(follower);
      };
      const send = (text: string) => {
        if (caller.write(text)) return;
        isBlocked = true;
        caller.onDrain(() => {
          isBlocked = false;
          follower.pump();
        });
      };
      const beat = () => {
        stopBeating = schedule(HEARTBEAT_MS, () => {
          if (!isBlocked) send(': ping\n\n');
          beat();
        });
      };
      const follower: Follower = {
        pump: () => {
          while (!isBlocked && cursor < entries.length) {
            const entry = entries[cursor];
            cursor += 1;
            if (entry !== undefined) send(writeFrame({ event: entry.name, data: entry.text }));
          }
          if (isBlocked || closed === undefined || !followers.has(follower)) return;
          stop();
          if (!closed.isGood) {
            caller.abort();
            return;
          }
          caller.write(DONE);
          caller.end();
        },
      };
      followers.add(follower);
      beat();
      // The head leaves with the first bytes, and who comes back wants to know that the stream is there.
      if (cursor === entries.length && closed === undefined) send(': ping\n\n');
      follower.pump();
      return stop;
    },
    texts: () => (isWhole ? entries.map(({ text }) => text) : undefined),
  };
}

const ENTRY_BYTES = 128;
/** Every stream of OpenAI's dialects that succeeded ends with it here. */
const DONE = 'data: [DONE]\n\n';
