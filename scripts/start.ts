/**
 * `npm start`: the whole product on one machine. Tells the story of a start to the person at the terminal and takes
 * care of stopping; what is started, and how, is scripts/start/product.ts.
 */
import './start/configuration.ts';
import path from 'node:path';
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { parseEnv, surroundings } from '#lib/env.ts';
import { isBuildCurrent } from './start/build.ts';
import { formatLine, isWarning, LogFile, type LogLine } from './start/logs.ts';
import { helpText, parseStartOptions, type StartOptions } from './start/options.ts';
import { isFirstStart, startProduct, type Observer, type Product } from './start/product.ts';
import { watchIngestion } from './start/progress.ts';
import { bar, formatPanel, Terminal } from './start/terminal.ts';

const terminal = new Terminal();

async function main(): Promise<void> {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(helpText);
    return;
  }
  const given = { ...surroundings(), ...options.variables };
  const dataFolder = parseEnv(given).DATA_DIR;
  const { observer, stopped } = observe(options, dataFolder);
  const product = await startProduct(given, observer);
  terminal.progress('');
  await present(product, stopped);
}

/** Shows and files what the processes say, and stops the product on the first signal, at once on the second. */
function observe(options: StartOptions, dataFolder: string): { observer: Observer; stopped: AbortSignal } {
  const first = isFirstStart(dataFolder);
  const stopping = new AbortController();
  const files = new Map<string, LogFile>();
  const fileOf = (part: string): LogFile => {
    const file = files.get(part) ?? new LogFile(path.join(dataFolder, 'logs'), part);
    files.set(part, file);
    return file;
  };
  const observer: Observer = {
    step: (sentence) => terminal.step(sentence),
    line(part: string, line: LogLine, raw: string) {
      fileOf(part).write(raw);
      if (options.verbose || isWarning(line)) terminal.say(formatLine(part, line));
    },
    started(product) {
      terminal.say(first ? 'Starting Attest for the first time: this takes a minute or two, later starts take seconds.' : 'Starting Attest.');
      if (!isBuildCurrent()) terminal.progress('  Building the pages, preparing the database ...');
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => {
          if (stopping.signal.aborted) {
            product.kill();
            process.exit(1);
          }
          stopping.abort();
          terminal.progress('');
          terminal.say('\nStopping. Press Ctrl-C again to end at once.');
          void product.stop().then(() => {
            terminal.say('Stopped. The data stays where it is.');
            process.exit(0);
          });
        });
      }
    },
  };
  return { observer, stopped: stopping.signal };
}

async function present(product: Product, stopped: AbortSignal): Promise<void> {
  const { DATABASE_URL: url = '', DATA_DIR: data = '', DEMO: demo } = product.variables;
  terminal.say(`  Open ${product.address}`);
  const progress = await watchIngestion(url, ({ ready, failed, total }) => terminal.progress(bar('Reading documents', ready + failed, total)), stopped);
  terminal.progress('');
  if (stopped.aborted) return;
  const failures = progress.failed > 0 ? `, ${progress.failed} could not be read (see Library)` : '';
  terminal.say(
    formatPanel({
      address: product.address,
      people: product.variables['DEMO_ISSUER'] !== undefined && demo === 'on' ? demoAccounts : [],
      rows: [
        ['Documents', `${progress.ready} of ${progress.total} ready${failures}`],
        ['Data', data],
        ['Logs', path.join(data, 'logs')],
        ['Stop', 'Ctrl-C'],
      ],
    }),
  );
}

try {
  await main();
} catch (error) {
  terminal.fail(error);
  process.exit(1);
}
