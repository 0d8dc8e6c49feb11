// An adapter of oidc-provider for PostgreSQL, as one would write it with care: one table, one prepared statement an
// operation, indexes for what is looked up.
import pg from 'pg';

const TABLE = `
  CREATE TABLE stored (
    model text, id text, payload jsonb NOT NULL, grant_id text, uid text, user_code text,
    expires_at timestamptz, consumed_at timestamptz, PRIMARY KEY (model, id)
  );
  CREATE INDEX ON stored (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX ON stored (uid) WHERE uid IS NOT NULL;
  CREATE INDEX ON stored (user_code) WHERE user_code IS NOT NULL;`;

const LIVE = '(expires_at IS NULL OR expires_at > now())';
const READ = `SELECT payload, extract(epoch FROM consumed_at)::bigint AS consumed FROM stored WHERE model = $1 AND ${LIVE}`;
const STATEMENTS = {
  upsert: `INSERT INTO stored VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 second')
           ON CONFLICT (model, id) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at`,
  find: `${READ} AND id = $2`,
  findByUid: `${READ} AND uid = $2`,
  findByUserCode: `${READ} AND user_code = $2`,
  destroy: 'DELETE FROM stored WHERE model = $1 AND id = $2',
  consume: 'UPDATE stored SET consumed_at = now() WHERE model = $1 AND id = $2',
  revokeByGrantId: 'DELETE FROM stored WHERE grant_id = $1',
};

export async function prepare(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(TABLE);
  await client.end();
}

export function adapterFor(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 8 });
  const run = (name, ...values) => pool.query({ name, text: STATEMENTS[name], values });

  async function one(...question) {
    const { rows: [row] } = await run(...question);
    return row && { ...row.payload, ...(row.consumed && { consumed: Number(row.consumed) }) };
  }

  return class PostgresAdapter {
    constructor(model) { this.model = model; }

    upsert(id, payload, seconds) {
      const { grantId, uid, userCode } = payload;
      return run('upsert', this.model, id, payload, grantId ?? null, uid ?? null, userCode ?? null, seconds ?? null);
    }

    find(id) { return one('find', this.model, id); }

    findByUid(uid) { return one('findByUid', this.model, uid); }

    findByUserCode(code) { return one('findByUserCode', this.model, code); }

    destroy(id) { return run('destroy', this.model, id); }

    consume(id) { return run('consume', this.model, id); }

    revokeByGrantId(grantId) { return run('revokeByGrantId', grantId); }
  };
}
