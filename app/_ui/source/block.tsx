/** One block of a document: a heading, a paragraph, a table ... with the part that belongs to a passage marked. */
import { Fragment, type ReactNode } from 'react';
import { classNames } from '../primitives/class-names.ts';
import { tableRows, type Span } from './marks.ts';
import type { NumberedBlock } from './use-blocks.ts';

const markLook = 'rounded-[2px] bg-mark text-ink box-decoration-clone py-0.5';

const looks: Record<NumberedBlock['kind'], string> = {
  heading: 'mt-6 mb-2 font-semibold tracking-[-0.01em]',
  paragraph: 'my-2.5',
  'list-item': 'my-1 pl-4',
  quote: 'my-2.5 border-l-2 border-line pl-3 text-ink-2',
  code: 'my-2.5 overflow-x-auto rounded-lg bg-panel p-3 font-mono text-xs leading-[18px]',
  table: 'my-3',
};
const headingSizes = ['text-lg', 'text-lg', 'text-base', 'text-sm'];

export function BlockText({ block, span }: { block: NumberedBlock; span: Span | null }) {
  if (block.kind === 'table') return <BlockTable text={block.text} span={span} />;
  const look = classNames(looks[block.kind], block.kind === 'heading' && (headingSizes[(block.level ?? 2) - 1] ?? 'text-sm'));
  const text = <Marked text={block.text} span={span} />;
  // The document's own headings are text here; as headings they would break the outline of the page around them.
  if (block.kind === 'code') return <pre tabIndex={0} className={look}>{text}</pre>;
  return (
    <p dir="auto" className={classNames(look, 'break-words whitespace-pre-line')}>
      {block.kind === 'list-item' && !/^(\d+[.)]|[-•–*])\s/u.test(block.text) && <span aria-hidden className="-ml-4 inline-block w-4 text-ink-3">•</span>}
      {text}
    </p>
  );
}

function Marked({ text, span }: { text: string; span: Span | null }): ReactNode {
  if (span === null) return text;
  return (
    <>
      {text.slice(0, span.start)}
      <mark className={markLook}>{text.slice(span.start, span.end)}</mark>
      {text.slice(span.end)}
    </>
  );
}

function BlockTable({ text, span }: { text: string; span: Span | null }) {
  const [head, ...rows] = tableRows(text, span);
  const cellLook = 'border-b border-line-soft px-2.5 py-1.5 align-top';
  return (
    // A group, not a region: a document of many tables must not fill the list of landmarks.
    <div role="group" aria-label="Table" tabIndex={0} className={classNames(looks.table, 'overflow-x-auto')}>
      <table className="w-full border-separate border-spacing-0 text-left text-[13px] leading-5">
        {head !== undefined && (
          <thead>
            <tr className={head.marked ? 'bg-mark' : ''}>
              {head.cells.map((cell, index) =>
                cell === '' ? (
                  <td key={index} className="border-b border-line px-2.5 py-1.5" />
                ) : (
                  <th key={index} scope="col" dir="auto" className="border-b border-line px-2.5 py-1.5 align-bottom font-medium">
                    {cell}
                  </th>
                ),
              )}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} className={row.marked ? 'bg-mark' : ''}>
              {row.cells.map((cell, column) => (
                <Fragment key={column}>
                  <td dir="auto" className={cellLook}>
                    {row.marked ? <mark className="bg-transparent text-ink">{cell}</mark> : cell}
                  </td>
                </Fragment>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
