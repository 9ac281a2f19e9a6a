/** Plain text, without links that are not ours. */
export type Mail = { to: string; subject: string; text: string };

/** Sends e-mail by the operator's server. */
export type Mailer = {
  /** False when no server is configured: then links are shown to whoever made them, or printed for the operator. */
  isConfigured: boolean;
  /** Resolves when the server took it. Rejects with a sentence for the operator; never with what the mail says. */
  send(mail: Mail): Promise<void>;
  close(): void;
};
