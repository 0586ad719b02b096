/** Tailwind 4 reads its tokens from app/globals.css; nothing else runs over the styles. */
export default { plugins: { '@tailwindcss/postcss': {} } };
