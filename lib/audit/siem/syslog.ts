/** A record as one message of RFC 5424: the facts as structured data, a few fixed words as the text. Pure. */
import { factsOf, isTrouble, wordsFor, type SiemRecord } from './record.ts';

export interface SyslogOrigin {
  /** Name of the machine that people reach the product by. */
  host: string;
  /** Private enterprise number in the name of the structured data. */
  enterprise: number;
}

/** "Log audit" of RFC 5424, table 1. */
const facility = 13;
const severities = { trouble: 4, information: 6 } as const;

/** `<PRI>1 TIMESTAMP HOST attest - EVENT [attest@N name="value" ...] words`. Never holds a line break. */
export function toSyslog(record: SiemRecord, origin: SyslogOrigin): string {
  const parameters = factsOf(record).map(([name, value]) => ` ${name}="${value.replace(/["\\\]]/g, '\\$&')}"`).join('');
  return `${syslogHeader(record, origin.host)} [attest@${origin.enterprise}${parameters}] ${wordsFor(record.event)}`;
}

/** Everything before the structured data. What is not printable ASCII there is left out. */
export function syslogHeader(record: SiemRecord, host: string): string {
  const priority = facility * 8 + (isTrouble(record) ? severities.trouble : severities.information);
  return `<${priority}>1 ${/^[0-9T:.Z-]{20,27}$/.test(record.at) ? record.at : '-'} ${field(host, 255)} attest - ${field(record.event, 32)}`;
}

function field(value: string, lengthMax: number): string {
  return value.replace(/[^\x21-\x7e]/g, '').slice(0, lengthMax) || '-';
}
