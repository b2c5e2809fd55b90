/**
 * The proxy that downloads go through, where the environment names one: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in either
 * case, as for curl and pip. Node's own `fetch` asks for none.
 */
type Variables = Readonly<Record<string, string | undefined>>;

/** What `fetch` takes beside its standard options in Node. */
export type ProxiedRequest = RequestInit & { dispatcher?: object };

/** The options with the proxy in them, or as they are. */
export async function throughProxy(
  request: RequestInit,
  variables: Variables = process.env,
): Promise<ProxiedRequest> {
  const https = variables.https_proxy ?? variables.HTTPS_PROXY;
  const http = variables.http_proxy ?? variables.HTTP_PROXY;
  if (!https && !http) return request;
  const { EnvHttpProxyAgent } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: http,
    httpsProxy: https ?? http,
    noProxy: variables.no_proxy ?? variables.NO_PROXY,
  });
  return { ...request, dispatcher };
}
