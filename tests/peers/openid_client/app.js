// An application made with openid-client as published: it reads the discovery document and does what its guide says.
import http from "node:http";
import crypto from "node:crypto";
import * as client from "openid-client";

// With PEER_PRIVATE_JWK it keeps the rules of FAPI 2.0: pushed requests, private_key_jwt, tokens bound to a key (DPoP);
// with PEER_MESSAGE_SIGNING as well, it signs its requests (JAR) and reads signed answers (JARM).
const { PEER_ISSUER, PEER_CLIENT_ID, PEER_CLIENT_SECRET, PEER_PORT, PEER_SIGN_ALGO, PEER_USERINFO_ALGO } = process.env;
const { PEER_PRIVATE_JWK, PEER_MESSAGE_SIGNING } = process.env;
const home = `http://127.0.0.1:${PEER_PORT}`;
const metadata = { id_token_signed_response_alg: PEER_SIGN_ALGO };
if (PEER_USERINFO_ALGO !== "none") metadata.userinfo_signed_response_alg = PEER_USERINFO_ALGO;
if (PEER_CLIENT_SECRET) metadata.client_secret = PEER_CLIENT_SECRET;

const ecdsa = { name: "ECDSA", namedCurve: "P-256" };
const jwk = PEER_PRIVATE_JWK ? JSON.parse(PEER_PRIVATE_JWK) : null;
const key = jwk && { key: await crypto.subtle.importKey("jwk", jwk, ecdsa, false, ["sign"]), kid: jwk.kid };
const withSecret = PEER_CLIENT_SECRET ? client.ClientSecretBasic(PEER_CLIENT_SECRET) : client.None();
if (PEER_MESSAGE_SIGNING) metadata.authorization_signed_response_alg = "ES256";

const config = await client.discovery(
  new URL(PEER_ISSUER), PEER_CLIENT_ID, metadata, key ? client.PrivateKeyJwt(key) : withSecret,
  { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
);

if (PEER_MESSAGE_SIGNING) client.useJwtResponseMode(config);
const bound = key ? { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256")) } : undefined;

const addressOf = async (parameters) => {
  if (!key) return client.buildAuthorizationUrl(config, parameters);
  const signed = PEER_MESSAGE_SIGNING ? (await client.buildAuthorizationUrlWithJAR(config, parameters, key)).searchParams : parameters;
  return client.buildAuthorizationUrlWithPAR(config, signed, bound);
};

// Whether a token that somebody got hold of would open anything without its key.
const opensWithoutKey = async (token) => {
  const answer = await fetch(config.serverMetadata().userinfo_endpoint, { headers: { authorization: `Bearer ${token}` } });
  return answer.ok;
};

// One browser at a time is enough for a test.
let pending = null;
let tokens = null;
let told = null;

const remember = async (answer, subject) => {
  const refresh_token = answer.refresh_token ?? tokens?.refresh_token;
  const id_token = answer.id_token ?? tokens?.id_token;
  tokens = { access_token: answer.access_token, refresh_token, id_token, claims: answer.claims() ?? tokens?.claims };
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, subject ?? tokens.claims.sub, bound);
  const digest = crypto.createHash("sha256").update(tokens.access_token).digest("hex");
  told = { claims: tokens.claims, userinfo, access: digest, token_type: answer.token_type };
  told.opens_without_key = await opensWithoutKey(tokens.access_token);
  told.id_token_alg = JSON.parse(Buffer.from(tokens.id_token.split(".")[0], "base64url")).alg;
};

const routes = {
  "/": async () => ({
    page: tokens
      ? `<h1>Signed in</h1><pre id="told">${JSON.stringify(told).replaceAll("<", "\\u003c")}</pre><a href="/refresh">Refresh</a> <a href="/logout">Sign out</a>`
      : '<h1>Signed out</h1><a href="/login">Sign in</a>',
  }),
  "/login": async () => {
    pending = { verifier: client.randomPKCECodeVerifier(), nonce: client.randomNonce(), state: client.randomState() };
    const to = await addressOf({
      redirect_uri: `${home}/callback`,
      scope: "openid profile email",
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: "S256",
      nonce: pending.nonce,
      state: pending.state,
    });
    return { to };
  },
  "/callback": async (url) => {
    const answer = await client.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: pending.verifier, expectedNonce: pending.nonce, expectedState: pending.state, idTokenExpected: true,
    }, undefined, bound);
    await remember(answer);
    return { to: "/" };
  },
  "/refresh": async () => {
    await remember(await client.refreshTokenGrant(config, tokens.refresh_token, undefined, bound));
    return { to: "/" };
  },
  "/logout": async () => {
    const to = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: `${home}/bye`, state: "over" });
    return { to };
  },
  "/bye": async (url) => {
    tokens = told = null;
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
    response.writeHead(500, { "Content-Type": "text/plain" }).end(`${error.code ?? ""} ${error.message} ${JSON.stringify(error.cause ?? null)}`);
  }
}).listen(Number(PEER_PORT), "127.0.0.1", () => console.log("ready"));
