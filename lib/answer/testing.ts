/** For tests: asks as a member and gathers what is sent. */
import { randomUUID } from 'node:crypto';
import type { MemberActor } from '../actor.ts';
import { withinRequest } from '../request.ts';
import { answer } from './answer.ts';
import type { AskInput } from './begin.ts';
import type { AnswerEvent } from './events.ts';

export interface Told {
  events: AnswerEvent[];
  /** The event of a type that was sent last. */
  last: <Type extends AnswerEvent['type']>(type: Type) => Extract<AnswerEvent, { type: Type }> | undefined;
}

/** Asks and reads to the end, or until `until` says so, which then is a reader who leaves. */
export async function ask(actor: MemberActor, input: AskInput | string, until: (event: AnswerEvent) => boolean = () => false): Promise<Told> {
  const requestId = randomUUID();
  const asked: AskInput = typeof input === 'string' ? { question: input } : input;
  const stream = await withinRequest(requestId, () => answer(actor, asked, { signal: new AbortController().signal, requestId, stillSignedIn: () => Promise.resolve(true) }));
  const events: AnswerEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (until(event)) break;
  }
  return gather(events);
}

export function gather(events: AnswerEvent[]): Told {
  return {
    events,
    last: <Type extends AnswerEvent['type']>(type: Type) => events.findLast((event): event is Extract<AnswerEvent, { type: Type }> => event.type === type),
  };
}
