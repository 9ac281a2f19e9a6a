import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';

export type Browser = {
  get(path: string, headers?: { [name: string]: string }): Promise<LightMyRequestResponse>;
  /** Sends JSON as a page of ours would. */
  post(path: string, body?: object, headers?: { [name: string]: string }): Promise<LightMyRequestResponse>;
  patch(path: string, body?: object): Promise<LightMyRequestResponse>;
  delete(path: string, headers?: { [name: string]: string }): Promise<LightMyRequestResponse>;
  cookies: Map<string, string>;
};

/** A browser on our own pages: it keeps cookies and says where a request comes from. */
export function openBrowser(app: FastifyInstance, host = '127.0.0.1:4000'): Browser {
  const origin = `http://${host}`;
  const cookies = new Map<string, string>();
  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const inject = async (options: InjectOptions) => {
    const reply = await app.inject(options);
    for (const { name, value, maxAge } of reply.cookies) {
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    }
    return reply;
  };
  const sent = (headers: { [name: string]: string }) =>
    cookies.size === 0 ? { host, ...headers } : { host, cookie: cookieHeader(), ...headers };
  return {
    cookies,
    get: (url, headers = {}) => inject({ method: 'GET', url, headers: sent(headers) }),
    post: (url, payload = {}, headers = {}) =>
      inject({ method: 'POST', url, headers: sent({ origin, ...headers }), payload }),
    patch: (url, payload = {}) => inject({ method: 'PATCH', url, headers: sent({ origin }), payload }),
    delete: (url, headers = {}) => inject({ method: 'DELETE', url, headers: sent({ origin, ...headers }) }),
  };
}
