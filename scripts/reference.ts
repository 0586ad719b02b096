/**
 * Writes docs/reference.md from the code: roles and permissions, audit events, problem codes and job queues, so that
 * the page cannot fall behind. `npm run docs:reference`; a test fails while the file differs.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { permissions } from '#lib/access/permissions.ts';
import { roles } from '#lib/actor.ts';
import { auditEvents } from '#lib/audit/types.ts';
import { queues } from '#lib/db/queue-tables.ts';
import { problems } from '#lib/errors.ts';

export const referenceFile = path.join(import.meta.dirname, '../docs/reference.md');

export function reference(): string {
  return [
    '# Reference',
    'Written by `npm run docs:reference` from the code; a test holds them equal.',
    '## Permissions',
    'A permission lets a role call a route. What the route then touches is decided by row-level security (security.md).',
    table(['Permission', ...roles], Object.entries(permissions).map(([name, allowed]) => [code(name), ...roles.map((role) => (allowed.some((each) => each === role) ? 'yes' : ''))])),
    '## Audit events',
    'Each is one record, committed in the same transaction as the act.',
    table(['Event', 'Meaning'], Object.entries(auditEvents).map(([name, words]) => [code(name), words])),
    '## Problem codes',
    'Every failure is `application/problem+json` (RFC 9457) with one of these in `code`.',
    table(['Code', 'Status', 'Meaning'], Object.entries(problems).map(([name, [status, sentence]]) => [code(name), String(status), sentence])),
    '## Job queues',
    table(['Queue', 'Tries', 'Heartbeat'], Object.entries(queues).map(([name, queue]) => [code(name), String(queue.retryLimit + 1), `${queue.heartbeatSeconds} s`])),
    '',
  ].join('\n\n').trimEnd() + '\n';
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

if (import.meta.main) await writeFile(referenceFile, reference());
