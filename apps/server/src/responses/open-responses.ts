import type { Clock, Journey, Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { type IdSource, newId } from '../ids.ts';
import type { Through } from '../routes/inference/read-asked.ts';
import { createBeginResponse } from './begin-response.ts';
import {
  type Background,
  type BackgroundLimits,
  backgroundDefaults,
  createBackground,
} from './create-background.ts';
import { createCipher } from './create-cipher.ts';
import { type Conversations, createConversations } from './create-conversations.ts';
import { createTurnStore, type TurnStore, type TurnStoreDeps } from './create-turn-store.ts';
import { createExpandInput } from './expand-input.ts';
import { createKnownCalls, type KnownCalls, type KnownCallsDeps } from './known-calls.ts';
import type { NewId } from './new-id.ts';

export type ResponsesDeps = KnownCallsDeps & {
  tables: Pick<RelationalStore, 'responses' | 'conversations'>;
  /** Seals what is kept; 32 bytes. */
  key: Buffer;
  /** A journey that waits longer than callers do, for those that need not wait. */
  journey: Pick<Journey, 'start'>;
  serverId: string;
  clock: Clock;
  schedule: Schedule;
  ids: IdSource;
  storeByDefault: boolean;
  /** Whether the key of this secret is still good; asked every other second of calls that run without their callers. */
  isAdmitted?: (secret: string | undefined) => boolean;
  retentionMs: number;
  isErased?: TurnStoreDeps['isErased'];
  /** The most that a call's whole input may be. */
  inputBytesMax: number;
  limits?: Partial<ResponsesLimits>;
  onWarning: (message: string, error?: unknown) => void;
};

type ResponsesLimits = BackgroundLimits & {
  /** Replies in memory that wait to be written. */
  pendingBytesMax: number;
};

const PENDING_BYTES_MAX = 64 * 1024 * 1024;

/** Everything behind the Responses and Conversations APIs but their HTTP. */
export type Responses = {
  begin: Through;
  turns: TurnStore;
  conversations: Conversations;
  background: Background;
  known: KnownCalls;
  newId: NewId;
  /** Ends what runs, writes what waits, and stops. */
  close(): Promise<void>;
};

export function openResponses(deps: ResponsesDeps): Responses {
  const { tables, schedule, clock, onWarning, serverId } = deps;
  const { nowMs } = clock;
  const limits: ResponsesLimits = {
    ...backgroundDefaults,
    pendingBytesMax: PENDING_BYTES_MAX,
    ...deps.limits,
  };
  const cipher = createCipher(deps.key);
  const make: NewId = (prefix) => newId(prefix, deps.ids);
  const conversations = createConversations({
    tables: tables.conversations,
    cipher,
    flush: () => turns.flush(),
    nowMs,
    newId: make,
    onWarning,
  });
  const turns = createTurnStore({
    tables: tables.responses,
    appendItems: conversations.append,
    cipher,
    serverId,
    retentionMs: deps.retentionMs,
    isErased: deps.isErased,
    nowMs,
    schedule,
    pendingBytesMax: limits.pendingBytesMax,
    onWarning,
  });
  const background = createBackground({
    journey: deps.journey,
    turns,
    tables: tables.responses,
    serverId,
    schedule,
    limits,
    onWarning,
  });
  const expand = createExpandInput({
    turns,
    conversations,
    isRunningHere: (owner, id) => background.find(owner, id) !== undefined,
    bytesMax: deps.inputBytesMax,
  });
  const known = createKnownCalls(deps);
  const { storeByDefault, isAdmitted = () => true } = deps;
  return {
    begin: createBeginResponse({ turns, background, known, expand, storeByDefault, isAdmitted, newId: make }),
    turns,
    conversations,
    background,
    known,
    newId: make,
    close: async () => {
      background.close();
      await background.drain(0);
      await turns.close();
    },
  };
}
