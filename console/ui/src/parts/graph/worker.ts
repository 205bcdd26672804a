import workerAddress from 'elkjs/lib/elk-worker.min.js?url'

// The layout is worked out beside the page, in a worker that lies in a file of its own.
let worker: Worker | undefined

/** The worker, which is begun by whoever asks first: it takes as long to begin as a large workflow to lay out. */
export function layoutWorker(): Worker {
  worker ??= new Worker(workerAddress)
  return worker
}
