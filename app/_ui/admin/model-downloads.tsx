/** Default models on their way from the hub. */
import type { ModelDownload } from '#lib/models/types.ts';
import { Progress } from '../primitives/progress.tsx';
import { bytesInWords } from '../primitives/bytes-in-words.ts';
import { roleWords } from './model-words.ts';

const stateWords = { waiting: 'Waiting to try again', downloading: 'Downloading', verifying: 'Checking its SHA-256', failed: 'Failed' } as const;

export function ModelDownloads({ downloads }: { downloads: readonly ModelDownload[] }) {
  return (
    <section className="grid gap-3">
      <h2 className="text-base font-medium tracking-normal">On the way</h2>
      <ul className="grid gap-4">
        {downloads.map((download) => (
          <DownloadLine key={download.file} download={download} />
        ))}
      </ul>
    </section>
  );
}

function DownloadLine({ download }: { download: ModelDownload }) {
  const { bytesDone, bytesTotal } = download;
  const done = bytesTotal === null || bytesTotal === 0 ? null : bytesDone / bytesTotal;
  const resting = download.state === 'waiting' || download.state === 'failed';
  return (
    <li className="grid max-w-2xl gap-1.5 text-sm">
      <div className="flex flex-wrap justify-between gap-x-4">
        <span>
          <span className="font-medium">{download.name}</span> <span className="text-ink-3">{roleWords[download.role].title.toLowerCase()}, {download.licence}</span>
        </span>
        <span className="text-ink-2 tabular">
          {bytesInWords(bytesDone)}
          {bytesTotal === null ? '' : ` of ${bytesInWords(bytesTotal)}`}
        </span>
      </div>
      <Progress value={resting ? (done ?? 0) : done} label={`Download of ${download.name}`} tone={download.state === 'failed' ? 'bad' : 'accent'} />
      <p className="text-ink-2">
        {stateWords[download.state]}
        {download.problem === null ? '' : `: ${download.problem}`}
      </p>
    </li>
  );
}
