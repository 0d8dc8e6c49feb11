// An application around the recipe of Parvis for openid-client, as it was printed.
import http from "node:http";

const { PEER_PORT, PEER_RECIPE } = process.env;
const home = `http://127.0.0.1:${PEER_PORT}`;
const { begin, finish, signOut } = await import(PEER_RECIPE);

// One browser at a time is enough for a test.
let checks = null;
let signedIn = null;

const routes = {
  "/": async () => ({
    page: signedIn
      ? `<h1>Signed in</h1><pre id="told">${JSON.stringify({ claims: signedIn.claims, userinfo: signedIn.profile }).replaceAll("<", "\\u003c")}</pre><a href="/logout">Sign out</a>`
      : '<h1>Signed out</h1><a href="/login">Sign in</a>',
  }),
  "/login": async () => {
    const begun = await begin();
    checks = begun.checks;
    return { to: begun.to };
  },
  "/callback": async (url) => {
    signedIn = await finish(url, checks);
    return { to: "/" };
  },
  "/logout": async () => ({ to: signOut(signedIn.tokens.id_token, "over") }),
  "/bye": async (url) => {
    signedIn = null;
    return { page: `<h1>Signed out</h1><p id="state">${url.searchParams.get("state") === "over" ? "over" : "lost"}</p>` };
  },
};

http.createServer(async (request, response) => {
  const url = new URL(request.url, home);
  try {
    const { to, page } = (await routes[url.pathname]?.(url)) ?? {};
    if (to) response.writeHead(302, { Location: String(to) }).end();
    else if (page) response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><title>Peer</title>${page}`);
    else response.writeHead(404).end();
  } catch (error) {
    console.error(error);
    response.writeHead(500, { "Content-Type": "text/plain" }).end(`${error.code ?? ""} ${error.message}`);
  }
}).listen(Number(PEER_PORT), "127.0.0.1", () => console.log("ready"));
