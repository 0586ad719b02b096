/** Builds the pages for production when their sources changed: what `npm start` does by itself, for container images. */
import { buildWhenChanged } from './start/build.ts';

await buildWhenChanged();
