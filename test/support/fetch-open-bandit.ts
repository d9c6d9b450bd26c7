import { execFile } from 'node:child_process'
import { access, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'

const run = promisify(execFile)

const folder = join(import.meta.dirname, '../../.cache/obp')
const release = 'obp-0.5.5'
const archive = join(folder, `${release}.tar.gz`)

/** One decision of the Open Bandit Dataset (Saito et al. 2021, CC BY 4.0). */
export interface OpenBanditRow {
  readonly item: number
  readonly click: number
  readonly propensity: number
}

/** Has pip fetch the package that ships the sample, unless it is in the cache. Rejects where it cannot. */
export async function fetchOpenBandit(): Promise<void> {
  const isThere = await access(archive).then(
    () => true,
    () => false,
  )
  if (isThere) return
  await mkdir(folder, { recursive: true })
  // The package itself is never installed or run, so the Python that it was made for does not matter.
  const exactly = ['--no-deps', '--no-binary', ':all:', '--ignore-requires-python', '--quiet']
  const pip = ['-m', 'pip', 'download', 'obp==0.5.5', ...exactly, '--dest', folder]
  await run('python3', pip, { timeout: 45_000 })
  await readFile(archive)
}

/** What Bernoulli Thompson sampling (bts), or the random policy, showed in one of the dataset's campaigns. */
export type OpenBanditSample = 'bts-men' | 'bts-women' | 'random-men'

/** From the package that was fetched. */
export async function readOpenBandit(sample: OpenBanditSample): Promise<OpenBanditRow[]> {
  const [policy, campaign] = sample.split('-')
  const path = `${release}/obp/dataset/obd/${policy}/${campaign}/${campaign}.csv`
  const { stdout } = await run('tar', ['-xzOf', archive, path], { maxBuffer: 64 * 1024 ** 2 })
  return parse(stdout)
}

/** From the columns of it that are kept here. */
export async function readKeptOpenBandit(sample: OpenBanditSample): Promise<OpenBanditRow[]> {
  const file = join(import.meta.dirname, `../fixtures/open-bandit/${sample}.csv.gz`)
  return parse(gunzipSync(await readFile(file)).toString('utf8'))
}

function parse(text: string): OpenBanditRow[] {
  const [head, ...lines] = text.trim().split('\n')
  const columns = head!.split(',')
  const at = (name: string) => columns.indexOf(name)
  const [item, click, propensity] = [at('item_id'), at('click'), at('propensity_score')]
  return lines.map((line) => {
    const fields = line.split(',')
    return {
      item: Number(fields[item]),
      click: Number(fields[click]),
      propensity: Number(fields[propensity]),
    }
  })
}
