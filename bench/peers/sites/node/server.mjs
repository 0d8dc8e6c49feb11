// npm oidc-provider with a fixed configuration: `node server.mjs CONFIG.json`. Without a database it keeps everything in
// its own memory adapter, in one process; with one, several processes share it.
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';

import { Provider } from 'oidc-provider';
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js';
import LRU from 'oidc-provider/lib/helpers/lru.js';

import { adapterFor, prepare } from './postgres.mjs';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
// As it comes, its memory holds 1,000 entries: under load, it forgets within a second who is signed in.
const memory = new LRU({ maxSize: 200_000 });
const scope = 'openid email offline_access';

function clientFrom({ client_id, client_secret, machine }) {
  return {
    client_id,
    client_secret,
    id_token_signed_response_alg: config.algorithm,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: machine ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    redirect_uris: machine ? [] : [config.redirect_uri],
    response_types: machine ? [] : ['code'],
  };
}

// Trusted applications: nobody is asked for consent, as for the other peers.
async function loadExistingGrant(ctx) {
  const { client, session, provider } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(scope);
  await grant.save();
  return grant;
}

function serve() {
  const provider = new Provider(config.issuer, {
    adapter: config.database ? adapterFor(config.database) : (model) => new MemoryAdapter(model, memory),
    jwks: config.jwks,
    clients: config.clients.map(clientFrom),
    cookies: { keys: [config.cookie_key] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    scopes: ['openid', 'email', 'offline_access'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    features: { clientCredentials: { enabled: true }, introspection: { enabled: true } },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true }),
    }),
    // A kindness: tokens do not end with the session, which spares it a read of the session at each use.
    expiresWithSession: () => false,
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    loadExistingGrant,
    ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 86400, IdToken: 3600, RefreshToken: 86400, Session: 86400 },
  });
  provider.listen(config.port, '127.0.0.1');
}

if (!config.database) {
  serve();
} else if (cluster.isPrimary) {
  await prepare(config.database);
  for (let index = 0; index < config.workers; index += 1) cluster.fork();
} else {
  serve();
}
