/**
 * Who may talk to browser mode. Another page in the same browser must not (Origin), nor a name that was pointed at
 * this machine (Host), nor another user of it (token). Pure decisions; `server.ts` asks them of every request.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";

/** A request's head, as both HTTP and the WebSocket upgrade have it. */
export interface Head {
  method: string;
  /** Each header as often as it came. */
  headers: Readonly<Record<string, readonly string[] | undefined>>;
}

export interface Access {
  /** Goes into the printed address, behind `#key=`. */
  readonly token: string;
  /** Why the request is refused, or null. Says nothing about the session. */
  refusal(head: Head): string | null;
  hasSession(head: Head): boolean;
  /** The `Set-Cookie` header for whoever shows the token, or null. */
  openSession(token: string): string | null;
}

/** `hostNames` are allowed beside the loopback names and plain addresses, which no one can re-point. */
export function createAccess(
  hostNames: readonly string[] = [],
  token = randomBytes(24).toString("base64url"),
): Access {
  const sessions = new Set<string>();
  const cookieName = `gan-workbench-${randomBytes(4).toString("hex")}`;
  const allowed = new Set(["localhost", ...hostNames]);

  return {
    token,
    refusal(head) {
      const doubled = decisive.find((name) => countOf(head, name) > 1);
      if (doubled) return `The header ${doubled} may come only once.`;
      const host = one(head, "host");
      if (host === null || !isAllowedHost(host))
        return "This address is not one of the application's own.";
      const origin = one(head, "origin");
      if (origin !== null && origin !== `http://${host}`)
        return "Another site may not talk to the application.";
      if (origin === null && !isRead(head.method))
        return "A request that changes something must say where it comes from.";
      const site = one(head, "sec-fetch-site");
      if (site !== null && site !== "same-origin" && site !== "none")
        return "Another site may not talk to the application.";
      return null;
    },
    hasSession(head) {
      return cookies(one(head, "cookie") ?? "").some(
        ([name, value]) => name === cookieName && sessions.has(value),
      );
    },
    openSession(offered) {
      if (!isSame(offered, token)) return null;
      const session = randomBytes(24).toString("base64url");
      sessions.add(session);
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
  };

  function isAllowedHost(host: string): boolean {
    const name = host.replace(/:\d{1,5}$/, "").toLowerCase();
    return allowed.has(name) || isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0;
  }
}

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** Of these Node would take one of two, and whoever stands before it perhaps the other. */
const decisive = ["host", "origin", "sec-fetch-site", "cookie"];

function countOf(head: Head, name: string): number {
  return head.headers[name]?.length ?? 0;
}

function one(head: Head, name: string): string | null {
  return head.headers[name]?.at(0) ?? null;
}

function cookies(header: string): [string, string][] {
  return header.split(";").map((part) => {
    const [name, ...value] = part.split("=");
    return [name.trim(), value.join("=").trim()];
  });
}

/** Takes the same time wherever the two differ. */
function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
