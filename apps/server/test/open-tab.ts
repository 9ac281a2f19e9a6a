/** What came back, and to what. */
export type TabReply = { asked: string; status: number; body: string; location: string };

export type Tab = {
  get(path: string): Promise<TabReply>;
  /** Sends JSON as a page of ours would. */
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<TabReply>;
  /** By name, as they would be sent back. */
  cookies: Map<string, string>;
};

/** A browser's tab on a server process: it keeps cookies, follows nothing, and hands every reply to `onReply`. */
export function openTab(origin: string, onReply: (reply: TabReply) => void): Tab {
  const cookies = new Map<string, string>();
  const ask = async (method: string, path: string, body?: object): Promise<TabReply> => {
    const response = await fetch(`${origin}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(method !== 'GET' && { origin }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location') ?? '';
    const reply = {
      asked: `${method} ${path}`,
      status: response.status,
      body: await response.text(),
      location,
    };
    onReply(reply);
    return reply;
  };
  return { cookies, get: (path) => ask('GET', path), send: ask };
}
