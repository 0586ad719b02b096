/** What may be asked: text, neither empty nor endless. Pure. */
import { Problem } from '../errors.ts';

export const questionCharactersMax = 4000;
// Line breaks and tabs are text; every other control character, U+FFFD (a decoder met bytes that are no text) and lone surrogates are not.
const notText = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]/;

/** The question without the space around it. Throws 'question-empty', 'question-too-long' or 'question-not-text'. */
export function checkQuestion(written: string): string {
  const question = written.trim();
  if (question === '') throw new Problem('question-empty');
  if (question.length > questionCharactersMax) {
    throw new Problem('question-too-long', {
      detail: `The question has ${question.length.toLocaleString('en')} characters. Shorten it to ${questionCharactersMax.toLocaleString('en')}, or upload long text as a document.`,
      data: { charactersMax: questionCharactersMax },
    });
  }
  if (!question.isWellFormed() || notText.test(question) || !/[\p{L}\p{N}]/u.test(question)) throw new Problem('question-not-text');
  return question.normalize('NFC');
}
