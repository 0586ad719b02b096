/**
 * A record in ArcSight's Common Event Format, behind a header of RFC 5424 as syslog receivers expect it. Keys of CEF's
 * dictionary where one fits, `attest...` for the rest. Pure.
 */
import { factsOf, isTrouble, visible, wordsFor, type SiemRecord } from './record.ts';
import { syslogHeader } from './syslog.ts';

/** Names of CEF's dictionary; time and event have places of their own. */
const keys: Readonly<Record<string, string>> = { seq: 'externalId', outcome: 'outcome', actorId: 'suid', actorRole: 'spriv' };
const severities = { trouble: 6, information: 3 } as const;

/** `<header> - CEF:0|Attest|Attest|version|event|words|severity|key=value ...`. Never holds a line break. */
export function toCef(record: SiemRecord, { host, version }: { host: string; version: string }): string {
  const severity = isTrouble(record) ? severities.trouble : severities.information;
  const head = ['CEF:0', 'Attest', 'Attest', version, record.event, wordsFor(record.event), String(severity)].map(headerField).join('|');
  // In CEF a value ends where the next ` key=` begins, so every = inside a value is escaped.
  const facts = [['rt', String(Date.parse(record.at) || 0)], ['attestAt', visible(record.at)], ...factsOf(record).map(([name, value]) => [keyFor(name), value])];
  const extension = facts.map(([key = '', value = '']) => `${key}=${value.replace(/[\\=]/g, '\\$&')}`).join(' ');
  return `${syslogHeader(record, host)} - ${head}|${extension}`;
}

/** The key under which a fact stands. */
export function keyFor(name: string): string {
  return keys[name] ?? `attest${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function headerField(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '').replace(/[\\|]/g, '\\$&');
}
