/** The addresses of browser mode beside its pages and files. */

/** The WebSocket that carries the contract. */
export const channelPath = "/channel";
/** POST the key here for a session cookie; GET asks whether there is one (204 or 401). */
export const sessionPath = "/session";
/** What stands before the key in the printed address's fragment. */
export const keyPrefix = "#key=";
