import fc from 'fast-check'

// The laws are tried with the same examples each time, so that what fails fails again. FAST_CHECK_SEED tries others.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20261122) })
