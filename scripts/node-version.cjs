/**
 * Loaded before every entry (`node --require`), in JavaScript that any Node reads: says in one sentence that Node is too
 * old, instead of the error an old Node gives for a TypeScript file.
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `Attest runs on Node 24, and this is Node ${process.versions.node}: the package that brings Node 24 is not installed for ` +
      `${process.platform}-${process.arch}. Run \`npm ci\` without --omit=optional, or install Node 24 or later yourself.\n`,
  );
  process.exit(1);
}
