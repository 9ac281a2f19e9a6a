/** What an installation tells people, for every kind of destination. */
export type Message = {
  /** Unique; a receiver may see one twice after a failure, and knows it by this. */
  id: string;
  kind: 'alert' | 'anomaly' | 'budget' | 'audit' | 'test' | 'reminder';
  severity: 'info' | 'warning' | 'critical';
  title: string;
  /** Plain text of a few lines. What callers wrote in it (users, tags, models) is data, never markup. */
  text: string;
  /** Where to look, on our own pages; a path. */
  path: string | undefined;
  organizationId: string;
  projectId: string | undefined;
  atMs: number;
  /** For receivers that are programs. */
  data: { readonly [name: string]: unknown };
};

export type DeliveryResult = { destination: string; name: string; ok: boolean; error: string | null };

/** Brings messages to destinations of one organization, each tried several times within a few seconds. Never rejects. */
export type Deliver = (
  organizationId: string,
  destinationIds: readonly string[],
  message: Message,
) => Promise<DeliveryResult[]>;
