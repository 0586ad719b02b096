/**
 * Makes an empty database folder, in a process of its own: setting one up needs twice the memory of serving it
 * (511 MB against 214 MB measured), and WebAssembly memory is never given back.
 * The folder is made under another name and renamed when complete, so a kill never leaves half a database.
 */
import { rmSync, renameSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

const folder = process.argv[2];
if (!folder) throw new Error('prepare.ts needs the folder to make.');

const draft = `${folder}.preparing`;
rmSync(draft, { recursive: true, force: true });
const database = await PGlite.create({ dataDir: draft });
await database.close();
renameSync(draft, folder);
