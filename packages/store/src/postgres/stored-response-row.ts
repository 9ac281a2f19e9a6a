export type StoredMode = 'live' | 'test';

/** `queued` and `in_progress` are those of a call that runs without its caller. */
export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** A reply as it is kept. `sealed` is opaque here. */
export type StoredResponse = {
  projectId: string;
  mode: StoredMode;
  id: string;
  keyId: string;
  status: ResponseStatus;
  previousId: string | undefined;
  conversationId: string | undefined;
  itemIds: readonly string[];
  /** The server that works on it, while it runs without its caller. */
  serverId: string | undefined;
  createdAtMs: number;
  expiresAtMs: number;
  sealed: Buffer;
  /** Whose it is, as the call said. */
  by?: CallOwner | undefined;
};

/** What a call said of whose it is. */
export type CallOwner = {
  requestId: string;
  userId: string | undefined;
  sessionId: string | undefined;
  tags: readonly string[];
};

/** What reading one gives: its end and what is sealed. */
export type SealedResponse = { id: string; status: ResponseStatus; sealed: Buffer };
