/** Whether a database can carry the product, asked before anything is started on it. */
import pg from 'pg';

const connectMsMax = 10_000;
const serverVersionMin = 150_000;
const vectorVersionMin = [0, 8] as const;

/** Throws one sentence that says what is wrong with the database at `url` and what to do; returns when all is well. */
export async function checkDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: checkAddress(url), connectionTimeoutMillis: connectMsMax });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`DATABASE_URL does not lead to a database: ${reasonOf(error)} (${place(url)}).`, { cause: error });
  }
  try {
    await checkVersions(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function checkAddress(url: string): string {
  if (URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)) return url;
  throw new Error('DATABASE_URL is not an address of the form postgresql://user:password@host:5432/database.');
}

async function checkVersions(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server: string; server_name: string; vector: string | null }>(
    `select
       current_setting('server_version_num') as server,
       current_setting('server_version') as server_name,
       coalesce(
         (select extversion from pg_extension where extname = 'vector'),
         (select default_version from pg_available_extensions where name = 'vector')
       ) as vector`,
  );
  const found = rows[0];
  if (!found) throw new Error('DATABASE_URL leads to a database that answers nothing.');
  if (Number(found.server) < serverVersionMin) {
    throw new Error(`The database is PostgreSQL ${found.server_name}; Attest needs PostgreSQL 15 or later.`);
  }
  if (found.vector === null) {
    throw new Error('The database server has no pgvector. Install pgvector 0.8 or later on it (package postgresql-NN-pgvector, or the image pgvector/pgvector).');
  }
  const [major = 0, minor = 0] = found.vector.split('.').map(Number);
  if (major === vectorVersionMin[0] && minor < vectorVersionMin[1]) {
    throw new Error(`The database has pgvector ${found.vector}; Attest needs 0.8 or later. Update it, then run: alter extension vector update.`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'the host name is unknown',
    EAI_AGAIN: 'the host name cannot be looked up',
    ETIMEDOUT: 'the host does not answer',
    '28P01': 'the password is wrong',
    '28000': 'the login is refused',
    '3D000': 'there is no database of that name',
    '53300': 'the server takes no more connections',
    '57P03': 'the server is starting or stopping',
  };
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Host and database without the password. */
function place(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
