/**
 * Follows an answer for a program: pieces of text as they come, and at the end the whole with its citations. The end
 * comes only after the answer and its record are kept, so a program that got it was answered on record.
 */
import { z } from 'zod';
import type { AnswerEvent } from '#lib/answer/events.ts';
import { env } from '#lib/env.ts';
import { Problem, problems, type ProblemCode } from '#lib/errors.ts';
import { programCitation, toCitation } from './passage.ts';

/** What is said where the documents do not answer. */
export const notFoundSentence = 'The documents you may read do not answer this.';

const sentence = z.object({
  /** Characters [start, end) of the answer. */
  start: z.number(),
  end: z.number(),
  citations: z.array(z.number()),
  /** What checking the sentence against the passages it cites found. */
  support: z.enum(['supported', 'weak', 'unsupported', 'uncited']),
});

/** What a program gets beside the text. */
export const programAnswer = z.object({
  /** 'generated': written by a model; 'quoted': sentences of the documents; 'not-found': they do not answer; 'stopped': cut off. */
  outcome: z.enum(['generated', 'quoted', 'not-found', 'stopped', 'failed']),
  /** The passages that the text cites as [1], [2] ... */
  citations: z.array(programCitation),
  /** For 'not-found': what came nearest, and why it is no answer. */
  nearest: z.array(programCitation.extend({ why: z.string() })),
  sentences: z.array(sentence),
  /** Why the answer is quoted and not written; null otherwise. */
  quoted_because: z.enum(['no-model', 'model-unavailable', 'model-busy']).nullable(),
  /** Name of the model that wrote; null when none did. */
  written_by: z.string().nullable(),
  conversation_id: z.string(),
  /** Where the member finds question and answer. */
  link: z.string(),
  /** Numbers of the two audit records. */
  records: z.object({ asked: z.number(), answered: z.number() }),
});
export type ProgramAnswer = z.infer<typeof programAnswer>;

export type Step =
  | { kind: 'text'; text: string }
  /** What came so far is not the answer; it begins anew. */
  | { kind: 'anew' }
  | { kind: 'end'; text: string; answer: ProgramAnswer; tokens: { prompt: number; completion: number } | null; turnId: string };

/** Throws the Problem with which the answer broke off. Stopping to read it stops the answer. */
export async function* followAnswer(events: AsyncIterable<AnswerEvent>): AsyncGenerator<Step, void, undefined> {
  const seen: Seen = { text: '', evidence: [], nearest: [], sentences: [] };
  let sent = '';
  for await (const event of events) {
    if (event.type === 'error') throw new Problem(isCode(event.code) ? event.code : 'answer-interrupted', { detail: event.detail });
    take(seen, event);
    // Blanks at the end may go when the answer is finished; they are no other answer.
    const isAnother = event.type === 'quoting' || event.type === 'not-found' || !(seen.text.startsWith(sent) || sent.startsWith(seen.text));
    if (isAnother && sent !== '') {
      yield { kind: 'anew' };
      sent = '';
    }
    if (seen.text.length > sent.length) {
      yield { kind: 'text', text: seen.text.slice(sent.length) };
      sent = seen.text;
    }
    if (event.type === 'done') return yield describeEnd(seen, event);
  }
  throw new Problem('answer-interrupted');
}

type Of<Type extends AnswerEvent['type']> = Extract<AnswerEvent, { type: Type }>;

interface Seen {
  text: string;
  started?: Of<'started'>;
  evidence: Of<'searched'>['evidence'];
  nearest: Of<'not-found'>['nearest'];
  sentences: Of<'sentences'>['sentences'];
}

function take(seen: Seen, event: AnswerEvent): void {
  if (event.type === 'started') seen.started = event;
  else if (event.type === 'searched') seen.evidence = event.evidence;
  else if (event.type === 'quoting') Object.assign(seen, { text: '', sentences: [] });
  else if (event.type === 'not-found') Object.assign(seen, { text: notFoundSentence, nearest: event.nearest, sentences: [] });
  else if (event.type === 'text') seen.text += event.text;
  else if (event.type === 'sentences') Object.assign(seen, { text: event.text, sentences: event.sentences });
}

function describeEnd({ text, started, evidence, nearest, sentences }: Seen, done: Of<'done'>): Step {
  if (started === undefined) throw new Problem('answer-interrupted');
  const isNotFound = done.outcome === 'not-found';
  const answer: ProgramAnswer = {
    outcome: done.outcome,
    citations: isNotFound ? [] : evidence.filter(({ number }) => done.citedNumbers.includes(number)).map(toCitation),
    nearest: isNotFound ? nearest.map((one) => ({ ...toCitation(one), why: one.why })) : [],
    sentences: isNotFound ? [] : sentences.map(({ start, end, citations, support }) => ({ start, end, citations, support })),
    quoted_because: done.method.quotedBecause,
    written_by: done.method.generator?.name ?? null,
    conversation_id: started.conversationId,
    link: `${env().ATTEST_URL}/ask/${started.conversationId}`,
    records: { asked: started.askedRecord, answered: done.answeredRecord },
  };
  return { kind: 'end', text, answer, tokens: done.method.tokens, turnId: started.turnId };
}

function isCode(code: string): code is ProblemCode {
  return code in problems;
}
