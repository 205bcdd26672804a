import { setNonce } from 'get-nonce'

// The server writes a fresh nonce into each page it gives. Styles that libraries add at run time carry it; without it
// the page's policy refuses them.
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="nonce"]')?.content ?? ''
setNonce(nonce)
