/** Every key the product listens to, in words. */
'use client';
import { Dialog, DialogContent } from '../primitives/dialog.tsx';
import { Kbd } from '../primitives/kbd.tsx';
import { useFrame } from './frame-context.ts';

const groups = [
  {
    name: 'Everywhere',
    keys: [
      [['Ctrl', 'K'], 'Search pages, documents, conversations and commands'],
      [['/'], 'Write a question'],
      [['?'], 'Show these keys'],
      [['Esc'], 'Close what is on top'],
    ],
  },
  {
    name: 'While asking',
    keys: [
      [['Enter'], 'Send the question'],
      [['Shift', 'Enter'], 'New line'],
      [['Esc'], 'Stop the answer, while the question field has the focus'],
    ],
  },
  {
    name: 'In an answer',
    keys: [
      [['←', '→'], 'Previous or next citation'],
      [['Enter'], 'Open the passage of a citation'],
      [['[', ']'], 'Previous or next passage in the evidence'],
    ],
  },
] as const;

export function KeysDialog() {
  const { layer, setLayer } = useFrame();
  return (
    <Dialog open={layer === 'keys'} onOpenChange={(open) => setLayer(open ? 'keys' : null)}>
      <DialogContent title="Keys">
        <div className="grid gap-5">
          {groups.map((group) => (
            <section key={group.name}>
              <h3 className="mb-1 text-xs font-medium tracking-normal text-ink-3">{group.name}</h3>
              <dl className="divide-y divide-line-soft">
                {group.keys.map(([keys, meaning]) => (
                  <div key={meaning} className="flex items-center justify-between gap-6 py-1.5 text-sm">
                    <dt>{meaning}</dt>
                    <dd className="flex shrink-0 gap-1">
                      {keys.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <p className="mt-4 text-xs text-ink-3">On a Mac, Cmd takes the place of Ctrl.</p>
      </DialogContent>
    </Dialog>
  );
}
