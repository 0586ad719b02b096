/**
 * Reads a SubRip transcript (.srt) as the words spoken, without numbers and times.
 */
import { SRTLoader } from '@langchain/community/document_loaders/fs/srt';

/** A paragraph ends with the first sentence that makes it at least this long, in characters. */
const paragraphCharacters = 600;

/** The spoken text in paragraphs of a few sentences. */
export async function readTranscript(text: string): Promise<string[]> {
  const documents = await new SRTLoader(new Blob([text])).load();
  const spoken = documents.map((document) => document.pageContent).join(' ').replace(/<\/?[a-z][^<>]{0,100}>|\{\\an\d\}/gi, '').replace(/\s+/g, ' ');
  const paragraphs: string[] = [];
  let paragraph = '';
  for (const sentence of spoken.split(/(?<=[.!?…])\s+/)) {
    paragraph = paragraph === '' ? sentence : `${paragraph} ${sentence}`;
    if (paragraph.length < paragraphCharacters) continue;
    paragraphs.push(paragraph);
    paragraph = '';
  }
  return [...paragraphs, paragraph].filter((words) => words.trim() !== '');
}
