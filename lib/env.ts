/**
 * The whole configuration, parsed once. The only file that reads `process.env`.
 * An empty string counts as missing. Every variable is described in docs/operations.md; a test holds that.
 */
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
const onOff = z.enum(['on', 'off']);

const schema = z.object({
  /** Address people use, without a trailing slash. Decides cookies, redirects and whether the demo sign-in is allowed. */
  ATTEST_URL: z.url().default('http://127.0.0.1:3000').transform((url) => url.replace(/\/+$/, '')),
  /** Where the web process listens. Behind a reverse proxy this differs from ATTEST_URL. */
  WEB_PORT: port.default(3000),
  WEB_HOST: z.string().default('127.0.0.1'),
  /** Folder for the embedded database, uploaded files, models and generated secrets. */
  DATA_DIR: z.string().default('.data').transform((folder) => path.resolve(/*turbopackIgnore: true*/ folder)),
  /** Postgres of the running product. Unset: the embedded database. */
  DATABASE_URL: z.string().optional(),
  /** Postgres login that owns the tables and applies migrations. Unset: DATABASE_URL. */
  DATABASE_ADMIN_URL: z.string().optional(),
  /** Most connections one process holds. The embedded database serves one statement at a time whatever this says. */
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(200).default(10),
  /** Port of the embedded database on loopback. 0: a free one. */
  EMBEDDED_DATABASE_PORT: port.default(0),
  /** Signs cookies. `npm start` makes one and keeps it in DATA_DIR. */
  AUTH_SECRET: z.string().min(32).optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  /** What the sign-in button calls the provider. */
  OIDC_NAME: z.string().default('your company account'),
  /** What is asked of the provider; some release the groups claim only for a scope of its own. */
  OIDC_SCOPES: z.string().default('openid email profile'),
  /** Claim that lists a member's groups. Missing from a token: no groups. */
  OIDC_GROUPS_CLAIM: z.string().default('groups'),
  /** `on`: addresses of this provider count as verified although it does not say so. For one tenant whose admins give out the addresses. */
  OIDC_TRUSTS_EMAIL: onOff.default('off'),
  /** Whether signing out here signs out at the provider too, or ends the session `here` alone. */
  OIDC_LOGOUT: z.enum(['provider', 'here']).default('provider'),
  /** More providers: a JSON array, described in docs/sign-in.md. */
  OIDC_PROVIDERS: z.string().optional(),
  /** A session ends this long after signing in, whatever happens in between. */
  SESSION_HOURS: z.coerce.number().min(0.1).max(24 * 30).default(12),
  /** A session ends when nobody has used it for this long. */
  SESSION_IDLE_MINUTES: z.coerce.number().min(1).max(60 * 24 * 30).default(60),
  /** Browsers one member may be signed in with; the one unused for longest makes room. */
  SESSIONS_MAX: z.coerce.number().int().min(1).max(1000).default(10),
  /** E-mail addresses that become admins at first sign-in, comma separated. */
  ADMIN_EMAILS: z.string().default('').transform((list) => list.split(',').map((item) => item.trim().toLowerCase()).filter(Boolean)),
  /** Issuer of the demo identity provider on loopback; set by `npm start` when OIDC_ISSUER is unset. */
  DEMO_ISSUER: z.url().optional(),
  MODELS_URL: z.url().default('http://127.0.0.1:3801'),
  /** Bearer key between our processes and the models process. */
  MODELS_KEY: z.string().optional(),
  /** Name of the embedding model when MODELS_URL is another OpenAI-compatible server than ours. */
  MODELS_EMBEDDER: z.string().optional(),
  MODELS_DIR: z.string().optional(),
  MODELS_PORT: port.default(3801),
  MODELS_HOST: z.string().default('127.0.0.1'),
  MODELS_DOWNLOAD: onOff.default('on'),
  /** Where default models are fetched from; any server with the same paths will do. */
  MODELS_HUB_URL: z.url().default('https://huggingface.co').transform((url) => url.replace(/\/+$/, '')),
  /** Threads for inference. Unset: the cores that the cgroup grants. */
  MODELS_THREADS: z.coerce.number().int().min(1).optional(),
  INGEST_PORT: port.default(3802),
  INGEST_HOST: z.string().default('127.0.0.1'),
  /** Documents one ingest process works on at a time. */
  INGEST_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(1),
  /** Where records of the audit log are sent: tcp://host:port, tls://host:port or file:///path. Unset: nowhere. */
  SIEM_URL: z.string().regex(/^(?:(?:tcp|tls):\/\/[^\s/?#@]+:\d{1,5}|file:\/\/\/\S+)$/, 'is none of tcp://host:port, tls://host:port and file:///path').optional(),
  SIEM_FORMAT: z.enum(['syslog', 'cef', 'ocsf']).default('syslog'),
  /** Longest message; what a longer record has too much is left out and marked. Below what the receiver takes whole: rsyslog never takes a frame of 200,000. */
  SIEM_MESSAGE_BYTES_MAX: z.coerce.number().int().min(2048).max(190_000).default(8000),
  /** IANA private enterprise number in the name of the structured data of RFC 5424. */
  SIEM_ENTERPRISE_NUMBER: z.coerce.number().int().min(1).max(4_294_967_295).default(32473),
  /** PEM files for tls://: whom to trust instead of the system's authorities; our own certificate followed by its key. */
  SIEM_CA_FILE: z.string().optional(),
  SIEM_CLIENT_FILE: z.string().optional(),
  /** Signing key of the audit log. Unset: DATA_DIR/audit/signing-key, made at the first start. */
  AUDIT_KEY_FILE: z.string().optional(),
  /** File outside the database that repeats every checkpoint. Unset: DATA_DIR/audit/checkpoints. */
  AUDIT_CHECKPOINTS_FILE: z.string().optional(),
  /** `off`: this ingest process signs no checkpoints. For machines that do not share the two files. */
  AUDIT_SIGNER: onOff.default('on'),
  UPLOAD_BYTES_MAX: z.coerce.number().int().min(1).default(200 * 1024 * 1024),
  /** `on` fills the demo company at first start. */
  DEMO: onOff.default('off'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
});

export type Env = Readonly<z.infer<typeof schema>> & { readonly MODELS_DIR: string };

/** Names of all variables, for the documentation test and `npm start -- --help`. */
export const envNames = Object.keys(schema.shape);

let parsed: Env | undefined;

/** The configuration. Throws one sentence per wrong variable the first time it is read. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

/** For tests: reads the configuration anew with these variables on top of the real ones. */
export function overrideEnv(variables: Record<string, string>): void {
  parsed = parseEnv({ ...process.env, ...variables });
}

/** Parses any record of variables; exported for tests and for the supervisor, which starts children with their own. */
// The turbopackIgnore comments keep the bundler from copying the whole repository into the build, as it does for unknown paths.
export function parseEnv(source: Record<string, string | undefined>): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(present);
  if (!result.success) {
    const sentences = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The configuration is wrong. ${sentences.join('. ')}`);
  }
  return { ...result.data, MODELS_DIR: path.resolve(/*turbopackIgnore: true*/ result.data.MODELS_DIR ?? path.join(/*turbopackIgnore: true*/ result.data.DATA_DIR, 'models')) };
}

/** A variable of the surroundings (HOME, PATH, TMPDIR ...) that is passed on to child processes, not configuration of ours. */
export function surroundings(): Record<string, string | undefined> {
  return { ...process.env };
}

/** Variables for a child process, in the type that `spawn` takes. NODE_ENV falls back to production, as for ourselves. */
export function childEnvironment(variables: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return { ...variables, NODE_ENV: schema.shape.NODE_ENV.parse(variables['NODE_ENV'] || undefined) };
}

// LangChain sends every question and answer to a service when such a variable happens to be set. Ours stay here.
for (const name of Object.keys(process.env)) if (/^LANG(SMITH|CHAIN)_/.test(name)) delete process.env[name];

/** Folder for scratch files. */
export const scratchFolder = os.tmpdir();

/** Makes `source` the configuration of this process; for tests. */
export function useEnv(source: Record<string, string | undefined>): void {
  parsed = parseEnv(source);
}

/** next-auth reads its own address from the surroundings and from nowhere else; ours is the only one it may have. */
export function tellNextAuth(address: string): void {
  process.env['NEXTAUTH_URL'] = address;
}
