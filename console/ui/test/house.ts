import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The program: as it was built for all tests, or built now. */
function program(into: string): string {
  const built = process.env.GANTRY_ENDTOEND_BINARY
  if (built) return built
  const path = join(into, 'gantry')
  execFileSync('go', ['build', '-o', path, './cmd/gantry'], { cwd: root, stdio: 'inherit' })
  return path
}

/** A project with examples, served in the sandbox as a newcomer would unless said, and everything that belongs to it. */
export interface House {
  url: string
  /** The link on which the first administrator is made. */
  setUp: string
  project: string
  /** Runs a command of gantry in the project. */
  gantry(...words: string[]): string
  /** Does something while the server is stopped, which then is again where it was. */
  whileStopped(act: () => void): Promise<void>
  stop(): Promise<void>
}

export async function openHouse(files: Record<string, string> = {}, { sandbox = true } = {}): Promise<House> {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-console-'))
  const binary = program(dir)
  const project = join(dir, 'project')
  const gantry = (...words: string[]) =>
    execFileSync(binary, words, { cwd: words[0] === 'init' ? dir : project, encoding: 'utf8' })
  gantry('init', project, '--examples', '--name', 'Acme MSP', '--slug', 'acme-msp')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true })
    writeFileSync(join(project, name), text)
  }
  const serve = (at: string) =>
    spawn(
      binary,
      ['serve', ...(sandbox ? ['--sandbox'] : []), '--listen', at, '--grace', '1s', '--log-level', 'warn'],
      { cwd: project },
    )
  let server = serve('127.0.0.1:0')
  const [url, setUp] = await told(server)
  return {
    url,
    setUp,
    project,
    gantry,
    async whileStopped(act) {
      await ended(server)
      act()
      server = serve(new URL(url).host)
      await told(server)
    },
    async stop() {
      await ended(server)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Waits until the server has said where it is, and the link on which it is set up, where it is not yet. */
function told(server: ChildProcess): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk
      const url = /serves .* at (http:\S+)/.exec(said)?.[1]
      const link = /http:\S+\/set-up#\S+/.exec(said)?.[0] ?? ''
      if (url && said.includes('stops it')) resolve([url, link])
    }
    server.stdout?.on('data', hear)
    server.stderr?.on('data', hear)
    server.on('exit', code => reject(new Error(`gantry serve ended with ${code}: ${said}`)))
  })
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    if (server.exitCode !== null) return resolve()
    server.removeAllListeners('exit')
    server.on('exit', () => resolve())
    server.kill('SIGTERM')
  })
}
