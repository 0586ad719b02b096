/** @type {import('next').NextConfig} */
const config = {
  // Native and WebAssembly packages keep their file layout; none of them is bundled.
  serverExternalPackages: ['pg', 'pg-boss', 'pino', 'kysely', '@langchain/core', '@langchain/openai', 'langchain', 'next-auth', 'openid-client'],
  poweredByHeader: false,
  // Compression would hold back server-sent events; a reverse proxy compresses static files better.
  compress: false,
  reactStrictMode: true,
  // `npm test` checks every type; checking them again would double the time of the first start.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  // `forbidden()` answers 403 with app/forbidden.tsx.
  experimental: { authInterrupts: true },
  turbopack: { root: import.meta.dirname },
};
export default config;
